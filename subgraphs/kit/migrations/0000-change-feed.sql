-- Tells whoever listens on contactpoint_change, once the transaction is committed and not before, whose facts or
-- accreditation are no longer what they were. Called by triggers: whoever writes, an import or a database's owner
-- included, cannot forget it.
--
-- kind: children, practitioners or organisations, as in `Changed` of @contactpoint/access.
create function announce_change(kind text, ids text[]) returns void language plpgsql as $$
declare
  payload text;
begin
  -- Beyond that many it is quicker to forget everything than to be told one by one.
  if cardinality(ids) > 1000 then
    perform pg_notify('contactpoint_change', '"everything"');
    return;
  end if;
  for place in 1 .. coalesce(cardinality(ids), 0) by 100 loop
    payload := json_build_object(kind, ids[place : place + 99]);
    -- PostgreSQL refuses a payload of 8000 bytes, and the transaction with it.
    perform pg_notify(
      'contactpoint_change', case when octet_length(payload) < 8000 then payload else '"everything"' end);
  end loop;
end
$$;
