-- A child's accesses in order of time, without a look at their events first.
alter table access_subject add column at timestamptz;
-- False where the log was asked about the child and nothing of the record was: that is no access to it.
alter table access_subject add column of_record boolean not null default true;
update access_subject set at = event.at from access_event as event
where (event.origin, event.index) = (access_subject.origin, access_subject.index);
alter table access_subject alter column at set not null;
create index access_subject_by_child on access_subject (child_id, at desc, origin desc, index desc);
drop index access_subject_child_id_origin_index_idx;

-- What the log says of its own pruning.
create table pruning (
  origin text not null,
  index bigint not null,
  at timestamptz not null,
  pruned_origin text not null,
  count bigint not null,
  before timestamptz not null,
  primary key (origin, index)
);
create index pruning_by_time on pruning (at desc, origin desc, index desc);
