-- The last checkpoint of a log as it was signed. Whoever waits for coverage verifies the signature: size and root beside it
-- are anybody's word who may write to the table, the owner's above all.
create function newest_checkpoint(log text, out size bigint, out signed_note text)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
    select checkpoint.size, checkpoint.signed_note from public.checkpoint
    where checkpoint.origin = log order by checkpoint.size desc limit 1
  $$;
revoke execute on function newest_checkpoint(text) from public;
