-- From here on a writer has functions and no table: what it could insert plainly, whoever had its password could insert as
-- well, under any origin, index and time. docs/adr/0052

-- Whose a session is: the hash of a key that the process which boots the log makes up and tells nobody else, and the
-- backend that opened it. Null in sessions from before this, whose logs nobody opens again.
alter table writer_session add column key_hash bytea check (octet_length(key_hash) = 32);
alter table writer_session add column backend int;

-- Where an open session goes on, which is no evidence and therefore changes. `next_index` is part of the key, so that an
-- append finds its one row at once, however many former states of it a long reading keeps from being vacuumed.
create table append_position (
  session bigint not null,
  next_index bigint not null check (next_index >= 0),
  -- Of the last leaf, or of the opening.
  at timestamptz not null,
  primary key (session, next_index)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- `contactpoint.local/gateway-1` of `contactpoint.local/gateway-1/20261122T101500Z-4f2a`; null for what is no boot's log.
create function instance_of(log text) returns text language sql immutable
  return substring(log from '^([a-z0-9.-]{1,100}/[a-z0-9-]{1,60})/\d{8}T\d{6}Z-[0-9a-f]{4,32}$');

-- Opens a session of a log and takes the locks that it lasts with, which go when the connection does: that of the log
-- and, where it is a boot's, that of its instance. `taken` is the one that another connection holds; all else is null then.
-- Only who opened a log first opens it again, and nobody once a later boot of its instance has kept something: that boot
-- has closed it.
create function open_writer_session(
  log text, log_key bytea,
  out session bigint, out next_index bigint, out taken text
)
  language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  instance text := public.instance_of(log);
  boot timestamptz := to_timestamp(substring(log from '/(\d{8}T\d{6})Z-[0-9a-f]+$'), 'YYYYMMDD"T"HH24MISS');
  hash bytea := sha256(log_key);
  first_session bigint;
  last_at timestamptz;
begin
  if octet_length(log_key) is distinct from 32 then
    raise exception 'the key of a log has 32 bytes' using errcode = 'invalid_parameter_value';
  end if;
  -- Its leaves would be dated then: none lies before the boot in its log's name, so that they are looked for from there.
  if boot > clock_timestamp() + interval '10 minutes' then
    raise exception 'the boot that % names is ahead of this server''s clock', log
      using errcode = 'invalid_parameter_value';
  end if;
  taken := case
    when not pg_try_advisory_lock(hashtextextended(log, 0)) then log
    when not pg_try_advisory_lock(hashtextextended(instance, 0)) then instance
  end;
  if taken is not null then
    return;
  end if;
  if exists (select from public.writer_session where origin = log and key_hash is distinct from hash) then
    raise exception 'the log % is another process''s', log using errcode = 'insufficient_privilege';
  end if;
  select min(number) into first_session from public.writer_session where origin = log;
  if exists (
    select from public.writer_session later
    where later.number > first_session and later.origin <> log and public.instance_of(later.origin) = instance
      and public.next_leaf_index(later.origin) > 0
  ) then
    raise exception 'the log % was followed by another boot', log using errcode = 'insufficient_privilege';
  end if;
  next_index := public.next_leaf_index(log);
  delete from public.append_position using public.writer_session former
  where former.origin = log and append_position.session = former.number
  returning at into last_at;
  insert into public.writer_session (origin, next_index, key_hash, backend)
  values (log, open_writer_session.next_index, hash, pg_backend_pid()) returning number into session;
  insert into public.append_position (session, next_index, at)
  values (open_writer_session.session, open_writer_session.next_index, greatest(clock_timestamp(), boot, last_at));
end $$;

-- Appends leaves under the indexes from `first`, which is where the session goes on and nowhere else, dated by this server
-- and hashed by it. The leaves come one after the other in one value: an array of them takes twice the time to read.
-- No lock is waited for: a session that has lost its log's to another one is over.
create function append_leaves(
  session bigint, log_key bytea, first bigint, leaves bytea, lengths int[]
) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  log text;
  taken_at timestamptz;
begin
  select origin into log from public.writer_session
  where number = session and key_hash = sha256(log_key) and backend = pg_backend_pid();
  if not found or not pg_try_advisory_xact_lock(hashtextextended(log, 0)) then
    raise exception 'no such session of this connection' using errcode = 'insufficient_privilege';
  end if;
  update public.append_position position
  set next_index = first + cardinality(lengths), at = greatest(clock_timestamp(), position.at)
  where position.session = append_leaves.session and position.next_index = first
  returning position.at into taken_at;
  if not found then
    raise exception 'leaf % of % is not the next one', first, log using errcode = 'serialization_failure';
  end if;
  if octet_length(leaves) is distinct from (select sum(length) from unnest(lengths) length) then
    raise exception 'the lengths are not those of the leaves' using errcode = 'invalid_parameter_value';
  end if;
  insert into public.leaf (origin, index, at, leaf, leaf_hash)
  select log, first + place - 1, taken_at, said, sha256('\x00'::bytea || said)
  from (
    select place, substring(leaves, (sum(length) over (order by place) - length)::int + 1, length) as said
    from unnest(lengths) with ordinality as measured (length, place)
  ) as leaf;
end $$;

-- As before (0002), but of logs whose names are those of boots: nobody signs another one, for which its successor would
-- wait for ever.
create or replace function previous_boot(log text)
  returns table (origin text, leaves bigint, size bigint, root_hash bytea)
  language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  for origin in
    select session.origin from public.writer_session session
    where public.instance_of(session.origin) = public.instance_of(log) and session.origin <> log
      and not exists (
        select from public.writer_session earlier
        where earlier.origin = session.origin and earlier.number < session.number
      )
    order by session.number desc
  loop
    leaves := public.next_leaf_index(origin);
    continue when leaves = 0;
    select checkpoint.size, checkpoint.root_hash into size, root_hash from public.checkpoint
    where checkpoint.origin = previous_boot.origin order by checkpoint.size desc limit 1;
    return next;
    return;
  end loop;
end $$;

revoke all on all tables in schema public from public;
revoke all on all functions in schema public from public;
