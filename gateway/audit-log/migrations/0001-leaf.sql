-- One row a leaf, partitioned by day so that a day that may go is dropped whole and never deleted from.
-- `at` is when the log took the leaf; uniqueness over the partitions is the writer's: one session an origin, held by
-- an advisory lock (src/postgres-session.ts).
create table leaf (
  origin text not null,
  index bigint not null check (index >= 0),
  at timestamptz not null,
  leaf bytea not null check (octet_length(leaf) <= 65535),
  leaf_hash bytea not null,
  constraint leaf_hash_of_leaf check (leaf_hash = sha256('\x00'::bytea || leaf)),
  primary key (origin, index, at)
) partition by range (at);

-- A clock gone astray or a partition nobody made must never cost an event.
create table leaf_default partition of leaf default;

-- Each session of a writer, kept before its first leaf: it names the origins there are and proves, with a commit of
-- its own, that the store keeps what it is given.
create table writer_session (
  origin text not null,
  opened_at timestamptz not null default clock_timestamp(),
  next_index bigint not null
);
create index on writer_session (origin);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only';
end $$;
create trigger append_only before update or delete or truncate on leaf
  for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on writer_session
  for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on leaf_default
  for each statement execute function refuse_change();

-- All that a writer may learn: where its own log goes on.
create function next_leaf_index(log text) returns bigint
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select coalesce(max(index) + 1, 0) from public.leaf where origin = log $$;

-- Makes the partitions of `first` and the days after it. A day whose leaves already lie in the default partition is
-- left there. The lock time-out keeps a slow reader from holding up the appends behind it.
create function make_leaf_partitions(first date, days int) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set lock_timeout = '500ms'
  set timezone = 'UTC' as $$
declare
  day date;
  name text;
begin
  if days > 60 or first not between current_date - 2 and current_date + 2 then
    raise exception 'partitions are made for the coming days only';
  end if;
  perform pg_advisory_xact_lock(hashtext('contactpoint.leaf.partition'));
  for offset_days in 0 .. days - 1 loop
    day := first + offset_days;
    name := 'leaf_' || to_char(day, 'YYYYMMDD');
    continue when to_regclass('public.' || name) is not null;
    begin
      execute format('create table public.%I partition of public.leaf for values from (%L) to (%L)',
        name, day::timestamptz, (day + 1)::timestamptz);
      execute format('create trigger append_only before update or delete or truncate on public.%I
        for each statement execute function public.refuse_change()', name);
    exception when check_violation then
      continue;
    end;
  end loop;
end $$;

revoke all on all tables in schema public from public;
revoke all on all functions in schema public from public;
revoke create on schema public from public;
