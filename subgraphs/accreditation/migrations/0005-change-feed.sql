-- Whatever the answer to POST /principals is made of announces whose it is. When an account was used last is no part of
-- this: it only ever keeps one awake that is.
create function announce_practitioners() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    perform pg_notify('contactpoint_change', '"everything"');
  elsif tg_op = 'INSERT' then
    perform announce_change('practitioners', array(select id from after_change));
  elsif tg_op = 'DELETE' then
    perform announce_change('practitioners', array(select id from before_change));
  else
    perform announce_change('practitioners', array(
      select coalesce(o.id, n.id)
      from before_change o full join after_change n on n.id = o.id
      where (o.role, o.organisation_id, o.vetting_issued_on, o.training_passed_on, o.agreement_signed_on, o.granted_at,
          o.restored_at, o.suspended_at)
        is distinct from (n.role, n.organisation_id, n.vetting_issued_on, n.training_passed_on, n.agreement_signed_on,
          n.granted_at, n.restored_at, n.suspended_at)));
  end if;
  return null;
end
$$;

create trigger announce_insert after insert on practitioner
  referencing new table as after_change for each statement execute function announce_practitioners();
create trigger announce_update after update on practitioner
  referencing old table as before_change new table as after_change
  for each statement execute function announce_practitioners();
create trigger announce_delete after delete on practitioner
  referencing old table as before_change for each statement execute function announce_practitioners();
create trigger announce_truncate after truncate on practitioner execute function announce_practitioners();

create function announce_organisation() returns trigger language plpgsql as $$
begin
  perform announce_change('organisations', array[new.id]);
  return null;
end
$$;

create trigger announce_stage after update of stage on organisation
  for each row when (old.stage is distinct from new.stage) execute function announce_organisation();

-- Break-glass opens and closes with its window.
create function announce_window() returns trigger language plpgsql as $$
begin
  perform announce_change('practitioners', array[coalesce(new.practitioner_id, old.practitioner_id)]);
  return null;
end
$$;

create trigger announce_window after insert or update or delete on override_window
  for each row execute function announce_window();
