-- Whatever facts are made of announces whose facts they are: relationships, records of one's own, shields, and which
-- numbers are one child. Facts hold for all numbers of a child, so all of them are named.
create function announce_children(ids text[]) returns void language sql as $$
  with known as (
    select coalesce(surviving, id) as surviving
    from unnest(ids) as changed(id) left join superseded_number on number = id
  )
  select announce_change('children', array(
    select surviving from known union select number from known join superseded_number using (surviving)))
$$;

create function announce_rows() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    perform pg_notify('contactpoint_change', '"everything"');
  elsif tg_op = 'INSERT' then
    perform announce_children(array(select distinct child_id from after_change));
  elsif tg_op = 'DELETE' then
    perform announce_children(array(select distinct child_id from before_change));
  else
    perform announce_children(
      array(select child_id from before_change union select child_id from after_change));
  end if;
  return null;
end
$$;

create trigger announce_insert after insert on involvement
  referencing new table as after_change for each statement execute function announce_rows();
create trigger announce_update after update on involvement
  referencing old table as before_change new table as after_change for each statement execute function announce_rows();
create trigger announce_delete after delete on involvement
  referencing old table as before_change for each statement execute function announce_rows();
create trigger announce_truncate after truncate on involvement execute function announce_rows();

create trigger announce_insert after insert on record_holder
  referencing new table as after_change for each statement execute function announce_rows();
create trigger announce_update after update on record_holder
  referencing old table as before_change new table as after_change for each statement execute function announce_rows();
create trigger announce_delete after delete on record_holder
  referencing old table as before_change for each statement execute function announce_rows();
create trigger announce_truncate after truncate on record_holder execute function announce_rows();

create trigger announce_insert after insert on shield
  referencing new table as after_change for each statement execute function announce_rows();
create trigger announce_update after update on shield
  referencing old table as before_change new table as after_change for each statement execute function announce_rows();
create trigger announce_delete after delete on shield
  referencing old table as before_change for each statement execute function announce_rows();
create trigger announce_truncate after truncate on shield execute function announce_rows();

-- Numbers that are one child now, and numbers that are so no longer.
create function announce_merge() returns trigger language plpgsql as $$
begin
  perform announce_children(
    array_remove(array[new.number, new.surviving, old.number, old.surviving], null));
  return null;
end
$$;

create trigger announce_merge after insert or update or delete on superseded_number
  for each row execute function announce_merge();
