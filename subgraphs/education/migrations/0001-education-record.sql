-- The school's register and each child's record of education. Dates are calendar dates in Europe/London.

create table school (
  urn text primary key check (urn ~ '^[0-9]{6}$'),
  name text not null,
  town text,
  postcode text,
  opened_on date
);

create table pupil (
  child_id text primary key,
  sen_provision text check (sen_provision in ('NONE', 'SEN_SUPPORT', 'EHC_PLAN')),
  sen_needs text[] not null default '{}',
  elective_home_education boolean,
  missing_education boolean,
  pupil_premium boolean
);

create table enrolment (
  id bigint generated always as identity primary key,
  child_id text not null references pupil on delete cascade,
  urn text not null references school,
  year_group text,
  "from" date not null,
  "to" date,
  leaving_reason text
);
create index on enrolment (child_id);

create table attendance (
  child_id text not null references pupil on delete cascade,
  academic_year integer not null,
  sessions_possible integer not null check (sessions_possible >= 0),
  sessions_attended integer not null check (sessions_attended >= 0),
  authorised_absences integer not null check (authorised_absences >= 0),
  unauthorised_absences integer not null check (unauthorised_absences >= 0),
  primary key (child_id, academic_year)
);

create table suspension (
  id bigint generated always as identity primary key,
  child_id text not null references pupil on delete cascade,
  "from" date not null,
  sessions integer,
  reason text,
  permanent boolean not null
);
create index on suspension (child_id);

create table ehc_plan (
  child_id text primary key references pupil on delete cascade,
  issued_on date not null,
  review_due_on date
);

create table designated_safeguarding_lead (
  child_id text primary key references pupil on delete cascade,
  name text not null,
  role text,
  organisation text,
  phone text,
  email text
);
