-- Where an address is, as two of them are compared: postcode and first line without blanks and punctuation, else the
-- UPRN. Null for one that names no place.
create function place_of(address) returns text language sql immutable
return coalesce(
  nullif(upper(regexp_replace($1.postcode, '\s', '', 'g')), '') || ' ' ||
    nullif(upper(regexp_replace($1.line1, '[^[:alnum:]]', '', 'g')), ''),
  nullif($1.uprn, ''));

-- Who else lives there.
create index address_by_place on address (place_of(address)) where lived_to is null;

-- Whether a shield is open for the child who has this number, under whichever of its numbers.
create function is_shielded(known text) returns boolean language sql stable
return exists (select from shield where lifted_at is null and shield.child_id = any(numbers_of(known)));
