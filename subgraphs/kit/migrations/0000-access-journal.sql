-- What this agency showed, to whom and under which access event: written before an answer leaves, never changed.
create table access_journal (
  id bigint generated always as identity primary key,
  -- Grant under which it was resolved; the gateway's access event lists it.
  jti text not null,
  -- Hex SHA-256 that names the access event.
  evt text not null,
  at timestamptz not null,
  practitioner text not null,
  -- Who reads on the practitioner's behalf.
  mediator text,
  purpose text,
  operation text not null check (operation in ('query', 'mutation-intent', 'mutation', 'facts', 'principals')),
  -- Null for what was resolved outside a child.
  child_id text,
  -- Schema coordinates, never values.
  coordinates text[] not null
);

create index access_journal_child on access_journal (child_id, at) where child_id is not null;
create index access_journal_practitioner on access_journal (practitioner, at);
create index access_journal_evt on access_journal (evt);
create index access_journal_jti on access_journal (jti);

-- Grants of mutations: each opens one mutation only. Kept until long after the grant could be accepted.
create table used_grant (
  jti text primary key,
  expires timestamptz not null
);

create index used_grant_expires on used_grant (expires);
