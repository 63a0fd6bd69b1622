create table practice (
  -- NHS Organisation Data Service code.
  ods_code text primary key,
  name text not null,
  town text,
  postcode text
);

-- One row for each child of whom health holds anything.
create table patient (
  -- ContactPoint number.
  child_id text primary key,
  ods_code text references practice (ods_code),
  allergies text[] not null default '{}',
  sdq_score smallint check (sdq_score between 0 and 40),
  initial_health_assessment_due date
);

create table immunisation (
  id bigint generated always as identity primary key,
  child_id text not null references patient (child_id) on delete cascade,
  vaccine text not null,
  snomed_code text,
  status text not null,
  given_on date
);
create index immunisation_child on immunisation (child_id);

create table missed_appointment (
  id bigint generated always as identity primary key,
  child_id text not null references patient (child_id) on delete cascade,
  missed_on date not null,
  setting text
);
create index missed_appointment_child on missed_appointment (child_id);

create table emergency_attendance (
  id bigint generated always as identity primary key,
  child_id text not null references patient (child_id) on delete cascade,
  attended_on date not null,
  site text,
  reason text
);
create index emergency_attendance_child on emergency_attendance (child_id);

create table condition (
  id bigint generated always as identity primary key,
  child_id text not null references patient (child_id) on delete cascade,
  name text not null,
  snomed_code text,
  diagnosed_on date
);
create index condition_child on condition (child_id);

create table contact (
  child_id text not null references patient (child_id) on delete cascade,
  service text not null check (service in ('HEALTH_VISITOR', 'SCHOOL_NURSE')),
  name text,
  role text,
  organisation text,
  phone text,
  email text,
  primary key (child_id, service)
);

-- Sensitive services apart from the others: whoever may read contacts need not be able to read these.
create table sealed_contact (
  child_id text not null references patient (child_id) on delete cascade,
  service text not null check (service in ('MENTAL_HEALTH', 'SEXUAL_HEALTH', 'SUBSTANCE_MISUSE')),
  name text,
  role text,
  organisation text,
  phone text,
  email text,
  primary key (child_id, service)
);
