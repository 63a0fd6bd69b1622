-- The grants that an event lists: `jti`, hex SHA-256 that names the event in journals, and which of its parts this is. One
-- row of nulls for a leaf that is no event, so that whoever asks about all leaves learns which one that is, and the rest.
create function listed_grants(leaf bytea) returns table (jti text, evt text, part int, parts int)
  language plpgsql immutable strict as $$
declare
  event jsonb;
begin
  event := convert_from(leaf, 'UTF8')::jsonb;
  evt := encode(sha256('grant'::bytea || decode(event ->> 'nonce', 'hex')), 'hex');
  part := event ->> 'part';
  parts := event ->> 'parts';
  if evt is null or part is null or parts is null then
    raise exception 'no event' using errcode = 'data_exception';
  end if;
  for jti in select jsonb_array_elements_text(event -> 'jtis') loop
    return next;
  end loop;
exception when data_exception or program_limit_exceeded then
  jti := null; evt := null; part := null; parts := null;
  return next;
end $$;

revoke all on all functions in schema public from public;
