-- One row for each child whom social care knows: a child without a row has no social care record at all.
create table care_child (
  child_id text primary key,
  support_status text check (support_status in ('EARLY_HELP', 'CARE_LEAVER')),
  worker_name text,
  worker_role text,
  worker_organisation text,
  worker_phone text,
  worker_email text,
  team text,
  disabilities text[] not null default '{}',
  convictions boolean,
  previous_permanence text
);

-- Every row below is known by its child and its first day, as in the statutory returns, so that a return sent again
-- corrects a row instead of repeating it.

create table referral (
  child_id text not null references care_child on delete cascade,
  received_on date not null,
  source text,
  primary_need text,
  no_further_action boolean not null,
  closed_on date,
  closure_reason text,
  initial_conference_on date,
  primary key (child_id, received_on)
);

create table assessment (
  child_id text not null references care_child on delete cascade,
  started_on date not null,
  authorised_on date,
  factors text[] not null,
  primary key (child_id, started_on)
);

create table section47_enquiry (
  child_id text not null references care_child on delete cascade,
  started_on date not null,
  initial_conference_on date,
  conference_not_required boolean,
  primary key (child_id, started_on)
);

create table child_protection_plan (
  child_id text not null references care_child on delete cascade,
  started_on date not null,
  ended_on date,
  initial_category text,
  latest_category text,
  primary key (child_id, started_on)
);

create table care_episode (
  child_id text not null references care_child on delete cascade,
  started_on date not null,
  ended_on date,
  start_reason text,
  legal_status text,
  primary_need text,
  placement_type text,
  provider text,
  postcode text,
  end_reason text,
  placement_change_reason text,
  primary key (child_id, started_on)
);

create table missing_episode (
  child_id text not null references care_child on delete cascade,
  started_on date not null,
  ended_on date,
  return_interview_offered boolean,
  primary key (child_id, started_on)
);

create table review (
  child_id text not null references care_child on delete cascade,
  kind text not null check (kind in ('LOOKED_AFTER', 'CHILD_PROTECTION')),
  held_on date not null,
  participation text,
  primary key (child_id, kind, held_on)
);
