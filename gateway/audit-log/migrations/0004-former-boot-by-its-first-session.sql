-- A log stands where its first session began: one that is opened again later, or by whoever holds the writer's password,
-- is no newer boot for it, and the chain of boots goes on from where it was.
create or replace function previous_boot(log text)
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
