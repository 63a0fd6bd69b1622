-- What a leaf said may go after its term; that it was there, and where, stays for ever: its hash keeps tree and proofs.
alter table leaf alter column leaf drop not null;
-- No writer has a privilege on this column, so that no leaf begins its life as a pruned one.
alter table leaf add column pruned_at timestamptz;
alter table leaf add constraint leaf_or_pruned check ((leaf is null) = (pruned_at is not null));

-- Sessions in the order in which they were opened, whatever the clock said.
alter table writer_session add column number bigint generated always as identity;
create index on writer_session (number);

-- One row a checkpoint. https://c2sp.org/tlog-checkpoint
create table checkpoint (
  origin text not null,
  size bigint not null check (size >= 0),
  root_hash bytea not null check (octet_length(root_hash) = 32),
  -- Note with the log's own signature; those of witnesses are rows of `cosignature`.
  signed_note text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (origin, size)
);

-- https://c2sp.org/tlog-cosignature
create table cosignature (
  origin text not null,
  size bigint not null,
  -- Name of the witness's key.
  witness text not null,
  -- Signature line as it stands under the note, line feed included.
  line text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (origin, size, witness)
);

-- Full tiles alone: partial ones are made from what lies below them. https://c2sp.org/tlog-tiles
create table tile (
  origin text not null,
  level smallint not null check (level between 0 and 63),
  index bigint not null check (index >= 0),
  hashes bytea not null check (octet_length(hashes) = 256 * 32),
  primary key (origin, level, index)
);

-- The log of all logs: each leaf is a signed note of one of them, as bytes.
create table aggregate_leaf (
  origin text not null,
  index bigint not null check (index >= 0),
  leaf bytea not null check (octet_length(leaf) <= 65535),
  leaf_hash bytea not null,
  constraint leaf_hash_of_leaf check (leaf_hash = sha256('\x00'::bytea || leaf)),
  primary key (origin, index)
);

-- That the signer is alive, which is no evidence and therefore changes: one beat more after each complete round.
create table signer_beat (
  id int primary key check (id = 1),
  beat bigint not null,
  at timestamptz not null
);
insert into signer_beat (id, beat, at) values (1, 0, clock_timestamp());

create trigger append_only before update or delete or truncate on checkpoint
  for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on cosignature
  for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on tile
  for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on aggregate_leaf
  for each statement execute function refuse_change();
create trigger append_only before delete or truncate on signer_beat
  for each statement execute function refuse_change();

-- The one change of a leaf that there is. A row trigger, because it is copied onto every partition, those to come
-- included; a partition's own statement trigger goes on refusing whoever names the partition.
create function refuse_all_but_pruning() returns trigger language plpgsql as $$
begin
  if current_setting('contactpoint.pruning', true) is distinct from 'on'
    or (new.origin, new.index, new.at, new.leaf_hash) is distinct from (old.origin, old.index, old.at, old.leaf_hash)
    or new.leaf is not null
  then
    raise exception 'the audit log is append-only';
  end if;
  return new;
end $$;
drop trigger append_only on leaf;
create trigger append_only before delete or truncate on leaf
  for each statement execute function refuse_change();
create trigger pruning_only before update on leaf
  for each row execute function refuse_all_but_pruning();

-- Forgets what leaves said, and returns how many it forgot. The first leaf of a log, its boot, is never forgotten, nor
-- one that no checkpoint covers: nothing would show that it had been there.
create function prune_leaves(log text, indexes bigint[]) returns bigint
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set contactpoint.pruning = 'on' as $$
declare
  pruned bigint;
begin
  update public.leaf set leaf = null, pruned_at = clock_timestamp()
  where origin = log and index = any (indexes) and leaf is not null and index > 0
    and index < (select max(size) from public.checkpoint where origin = log);
  get diagnostics pruned = row_count;
  return pruned;
end $$;

-- How far a log is covered by checkpoints, and whether the signer is alive.
create function checkpoint_state(log text, out covered bigint, out beat bigint, out beat_age interval)
  language sql volatile security definer set search_path = pg_catalog, public, pg_temp
  as $$
    select (select coalesce(max(size), 0) from public.checkpoint where origin = log),
      signer_beat.beat, clock_timestamp() - signer_beat.at
    from public.signer_beat
  $$;

-- The log before this one of the same deployment and instance, and its last checkpoint; no row where this is the first.
-- A log stands where its first session began: one that is opened again later, or by whoever holds the writer's password,
-- is no newer boot for it.
-- Session by session, newest first: joined to a log of years, the planner may choose to read all of it.
create function previous_boot(log text)
  returns table (origin text, leaves bigint, size bigint, root_hash bytea)
  language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  for origin in
    select session.origin from public.writer_session session
    where regexp_replace(session.origin, '/[^/]*$', '') = regexp_replace(log, '/[^/]*$', '') and session.origin <> log
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
