-- An identity that must never be linked to another one of the same person (adoption, new identity). It says so of itself
-- alone: a list of pairs would be the link.
alter table child add column merge_barred boolean not null default false;

-- One child who had several numbers. A number that was given up points to the one that stays, and that one to none: a
-- merge moves along what pointed to the number that it gives up. Nothing else is moved, so that each number keeps what
-- was recorded under it. A table of its own stays small, and with it every question for facts.
create table superseded_number (
  number text primary key references child,
  surviving text not null references child,
  check (number <> surviving)
);
create index superseded_number_by_surviving on superseded_number (surviving);

-- Who found two numbers to be one child, and why. Rows are only ever added.
create table identity_merge (
  id bigint generated always as identity primary key,
  superseded text not null references child,
  surviving text not null references child,
  merged_at timestamptz not null,
  merged_by text not null,
  reason text not null
);

-- The number under which a child is known now; one that nobody has stands for itself.
create function surviving_number(known text) returns text language sql stable
return coalesce((select surviving from superseded_number where number = known), known);

-- All numbers of the child who has this one.
create function numbers_of(known text) returns text[] language sql stable
return (
  select array(select number from superseded_number where surviving = now_known) || now_known
  from (select surviving_number(known) as now_known) one);
