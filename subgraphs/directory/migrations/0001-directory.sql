-- One identity. A person may have two (adoption, new identity); nothing here links them.
create table child (
  id text primary key check (id ~ '^[0-9A-HJKMNP-TV-Z]{16}$'),
  given_names text[],
  family_name text,
  date_of_birth date,
  sex text not null check (sex in ('MALE', 'FEMALE', 'INDETERMINATE', 'UNKNOWN')),
  former_names text[],
  ethnicity text,
  local_authority text
);
create index child_by_birth on child (date_of_birth);

-- Phonetic keys of names with the year of birth: how a search finds candidates whose date of birth was mistyped.
create table search_key (
  key text not null,
  child_id text not null references child,
  primary key (key, child_id)
);
create index search_key_by_child on search_key (child_id);

-- Numbers of other bodies. authority is '' for numbers that are unique in the country.
create table identifier (
  system text not null check (system in ('NHS_NUMBER', 'UPN', 'LOCAL_AUTHORITY_CHILD_ID')),
  authority text not null default '',
  value text not null,
  child_id text not null references child,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (system, authority, value),
  check ((system = 'LOCAL_AUTHORITY_CHILD_ID') = (authority <> ''))
);
create index identifier_by_child on identifier (child_id);

create table address (
  id bigint generated always as identity primary key,
  child_id text not null references child,
  line1 text,
  town text,
  postcode text,
  uprn text,
  lived_from date,
  lived_to date
);
create index address_by_child on address (child_id);

create table carer (
  id bigint generated always as identity primary key,
  child_id text not null references child,
  name text not null,
  relationship text,
  parental_responsibility boolean,
  phone text
);
create index carer_by_child on carer (child_id);

create table involvement (
  id text primary key,
  child_id text not null references child,
  practitioner_id text,
  organisation_id text not null,
  sector text not null,
  service text not null,
  practitioner_name text,
  practitioner_role text,
  phone text,
  email text,
  involved_from date not null,
  -- Last day.
  involved_to date,
  -- When the practitioner ended it: the relationship is gone at once, even if the last day is not over.
  ended_at timestamptz,
  is_lead boolean not null,
  -- Social care's allocation; never set by a practitioner's own entry.
  allocated boolean not null default false,
  brokered boolean not null default false,
  -- Gives the relationship without being shown.
  unlisted boolean not null default false,
  basis text check (basis in ('EXPLICIT_CONSENT', 'SIGNIFICANT_HARM')),
  self_recorded boolean not null default false,
  recorded_at timestamptz not null default now(),
  -- Random, so that a cursor says neither whose involvement it marks nor since when.
  cursor_key uuid not null default gen_random_uuid() unique,
  check (involved_to >= involved_from),
  check (not (allocated and self_recorded))
);
create index involvement_by_child on involvement (child_id);
create index involvement_by_practitioner on involvement (practitioner_id, involved_from desc);

-- Whether an involvement gives its practitioner a relationship on a day.
create function is_open(involvement, day date) returns boolean language sql immutable
return $1.ended_at is null and $1.involved_from <= day and ($1.involved_to is null or $1.involved_to >= day);

create table record_holder (
  child_id text not null references child,
  sector text not null,
  organisation_id text not null,
  held_from date not null,
  held_to date,
  primary key (child_id, sector, organisation_id)
);

-- A shield belongs to the identity. Lifting closes the row; history stays.
create table shield (
  id bigint generated always as identity primary key,
  child_id text not null references child,
  shielded_at timestamptz not null,
  shielded_by text not null,
  reason text not null,
  lifted_at timestamptz,
  lifted_by text,
  lift_reason text,
  check ((lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lift_reason is null))
);
create unique index open_shield on shield (child_id) where lifted_at is null;

create table broker (
  authority text primary key,
  phone text not null
);

-- Tells an organisation's privacy officer that somebody gave themselves a relationship: a reference, no identity.
create table privacy_alert (
  reference uuid primary key default gen_random_uuid(),
  organisation_id text not null,
  involvement_id text not null references involvement,
  raised_at timestamptz not null
);
create index privacy_alert_by_organisation on privacy_alert (organisation_id, raised_at);
