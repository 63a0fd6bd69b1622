-- Forgets what leaves said, as before, but no leaf that was kept less than a year ago: that is the shortest term there is
-- (scripts/audit/prune.ts), and the server dated the leaf. Whoever has the role that prunes cannot forget what was just
-- recorded of them. Whether it was a leaf that might go is told by the `prune` events, which name each (`verify`).
create or replace function prune_leaves(log text, indexes bigint[]) returns bigint
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set contactpoint.pruning = 'on'
  set timezone = 'UTC' as $$
declare
  pruned bigint;
begin
  update public.leaf set leaf = null, pruned_at = clock_timestamp()
  where origin = log and index = any (indexes) and leaf is not null and index > 0
    and at + interval '1 year' <= clock_timestamp()
    and index < (select max(size) from public.checkpoint where origin = log);
  get diagnostics pruned = row_count;
  return pruned;
end $$;
