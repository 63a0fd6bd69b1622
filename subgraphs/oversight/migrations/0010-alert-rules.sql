-- What the rules for alerts go by. Alerts, and what agencies were asked for them, outlast a rebuild of the projection.

alter table access_event add column searches int not null default 0;
alter table access_event add column misses int not null default 0;

-- Who read: the mediator where there is one.
create index access_event_reader on access_event ((coalesce(mediator_id, practitioner_id)), at);

-- The instant at which a calendar day begins in Europe/London, and the day of an instant.
create or replace function london_midnight(day date) returns timestamptz language sql immutable
return day::timestamp at time zone 'Europe/London';
create function london_day(moment timestamptz) returns date language sql immutable
return (moment at time zone 'Europe/London')::date;

-- What a rule raises once for a practitioner: a day, a night, a week, a child in a quarter of a year.
alter table alert add column occasion text;
create unique index alert_occasion on alert (rule, practitioner_id, occasion) nulls not distinct
  where occasion is not null;

-- Days of readers that the rules have not looked at since the projection brought something for them.
create table due_day (
  practitioner_id text not null,
  day date not null,
  primary key (practitioner_id, day)
);
create index due_day_oldest on due_day (day, practitioner_id);

-- Different children that somebody was shown on a day: what peers are measured by.
create table reader_day (
  practitioner_id text not null,
  day date not null,
  role text not null,
  organisation_id text not null,
  children int not null,
  primary key (practitioner_id, day)
);
create index reader_day_peers on reader_day (role, day);

-- Mutations under way: an intent whose outcome the log does not have yet.
create table open_intent (
  origin text not null,
  evt text not null,
  index bigint not null,
  at timestamptz not null,
  practitioner_id text,
  organisation_id text,
  primary key (origin, evt)
);
create index open_intent_oldest on open_intent (at);

-- Each child whom somebody met on a day, and what came of asking the agencies that alone know names, addresses and
-- relationships. No projection: a rebuild asks nobody again.
create table child_reading (
  practitioner_id text not null,
  day date not null,
  child_id text not null,
  role text not null,
  organisation_id text not null,
  -- The first event of it.
  at timestamptz not null,
  origin text not null,
  index bigint not null,
  -- False for who only stood among the candidates of a search.
  opened boolean not null,
  -- Null while it is to be asked.
  looked_at timestamptz,
  -- When to ask once more, whether a relationship was made.
  look_again_at timestamptz,
  -- Until when a gateway has it in hand.
  lent_until timestamptz,
  related boolean,
  primary key (practitioner_id, day, child_id)
);
create index child_reading_owed on child_reading (day, practitioner_id)
  where looked_at is null or look_again_at is not null;
create index child_reading_child on child_reading (child_id, day);
-- An event that is pruned after its term takes it along.
create index child_reading_event on child_reading (origin, index);
