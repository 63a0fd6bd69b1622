-- The instant at which a calendar day begins in Europe/London.
create function london_midnight(day date) returns timestamptz language sql immutable
return day::timestamp at time zone 'Europe/London';

-- Not a projection: what auditors ordered. Accesses that a hold covers are left out of statements, and their events stay in
-- the log, for as long as it is in force. It says on what it rests and nothing of the child.
create table lawful_hold (
  id uuid primary key default gen_random_uuid(),
  child_id text not null,
  reference text not null,
  practitioner_id text,
  organisation_id text,
  -- First and last day of the accesses that it covers.
  held_from date,
  held_to date,
  -- Last day of the hold itself.
  ends_on date,
  placed_at timestamptz not null,
  placed_by text not null,
  ended_at timestamptz,
  ended_by text,
  check (held_to >= held_from),
  check ((ended_at is null) = (ended_by is null))
);
-- A request that is repeated finds the hold that it placed.
create unique index lawful_hold_once on lawful_hold (child_id, reference, coalesce(practitioner_id, ''),
  coalesce(organisation_id, ''), coalesce(held_from, '-infinity'), coalesce(held_to, 'infinity'),
  coalesce(ends_on, 'infinity')) where ended_at is null;
create index lawful_hold_by_child on lawful_hold (child_id);
create index lawful_hold_by_time on lawful_hold (placed_at desc, id desc);

create function is_in_force(lawful_hold, now timestamptz) returns boolean language sql stable
return $1.ended_at is null and ($1.ends_on is null or now < london_midnight($1.ends_on + 1));
