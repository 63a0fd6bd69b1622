create table organisation (
  id text primary key check (id <> ''),
  name text not null,
  sector text not null,
  stage text not null check (stage in ('SANDBOX', 'PILOT', 'LIVE', 'SUSPENDED')),
  user_quota integer not null check (user_quota >= 0)
);

create table practitioner (
  id text primary key check (id <> ''),
  name text not null,
  role text not null,
  organisation_id text not null references organisation (id),
  vetting_certificate text,
  vetting_issued_on date,
  training_course text,
  training_passed_on date,
  agreement_signed_on date,
  granted_at timestamptz not null,
  restored_at timestamptz,
  last_used_at timestamptz,
  suspended_at timestamptz,
  -- Dormancy counts from here. Derived, so that no writer can forget one of the three.
  active_since timestamptz not null generated always as (greatest(granted_at, restored_at, last_used_at)) stored
);

create index practitioner_organisation on practitioner (organisation_id);
create index practitioner_certificate on practitioner (vetting_certificate);
