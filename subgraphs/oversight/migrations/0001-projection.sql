-- The audit log's leaves as rows that can be asked. All of it but the reviews can be made again from the log.

-- Where the projection of each log goes on; moved in the transaction that brings the rows.
create table log_cursor (
  origin text primary key,
  next_index bigint not null
);

-- `index` is the first part's: the receipt that the caller got. `evt` names the event as grants and the agencies'
-- journals do, and a mutation's intent and outcome share one; the nonce under it never leaves the log.
create table access_event (
  origin text not null,
  index bigint not null,
  evt text not null,
  kind text not null,
  at timestamptz not null,
  instance text not null,
  practitioner_id text,
  mediator_id text,
  role text,
  organisation_id text,
  purpose text,
  reason text,
  override boolean not null,
  client text,
  operation_name text,
  operation_hash text,
  outcome text not null,
  refusal_code text,
  refusal_detail text,
  intent_index bigint,
  parts int not null,
  parts_seen int not null,
  jtis text[] not null,
  primary key (origin, index),
  unique (origin, evt, kind)
);
create index on access_event (at desc, origin desc, index desc);
create index on access_event (practitioner_id, at desc);
create index on access_event (mediator_id, at desc) where mediator_id is not null;
create index on access_event (organisation_id, at desc);

create table access_subject (
  origin text not null,
  index bigint not null,
  child_id text not null,
  -- Order within the event.
  place int not null,
  released text[] not null,
  withheld text[] not null,
  policies text[] not null,
  primary key (origin, index, child_id)
);
create index on access_subject (child_id, origin, index);

-- Something an auditor should look at; `origin` and `index` where one leaf gave rise to it.
create table alert (
  id bigint primary key generated always as identity,
  rule text not null,
  at timestamptz not null,
  practitioner_id text,
  organisation_id text,
  note text,
  origin text,
  index bigint,
  unique (rule, origin, index)
);
create index on alert (at desc, id desc);

create table alert_event (
  alert_id bigint not null references alert,
  origin text not null,
  index bigint not null,
  primary key (alert_id, origin, index)
);

-- Not a projection: what auditors wrote. One a break-glass access, for good.
create table override_review (
  origin text not null,
  index bigint not null,
  practitioner_id text,
  outcome text not null check (outcome in ('JUSTIFIED', 'UNJUSTIFIED')),
  note text not null,
  reviewer_id text not null,
  reviewed_at timestamptz not null,
  -- Of an UNJUSTIFIED one: when the account was suspended on its account. Null is a suspension still owed.
  suspended_at timestamptz,
  primary key (origin, index)
);
create index on override_review (reviewed_at) where outcome = 'UNJUSTIFIED' and suspended_at is null;
