-- Who changed an account or an organisation, when and why. Rows are only ever added.
create table accreditation_history (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  -- Practitioner who made the change.
  actor text not null,
  -- Grant under which it was made: ties the row to the gateway's log.
  jti text not null,
  act text not null check (act in ('GRANT', 'RESTORE', 'SUSPEND', 'RECORD_TRAINING', 'RECORD_VETTING', 'SET_STAGE')),
  practitioner_id text references practitioner (id),
  organisation_id text references organisation (id),
  reason text,
  -- What was set: dates, certificate, course or stage.
  detail jsonb not null default '{}',
  check (practitioner_id is not null or organisation_id is not null),
  check (act not in ('RESTORE', 'SUSPEND') or reason is not null)
);

create index accreditation_history_practitioner on accreditation_history (practitioner_id, id);
create index accreditation_history_organisation on accreditation_history (organisation_id, id);

create function accreditation_history_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'accreditation_history is append-only';
end
$$;

create trigger accreditation_history_append_only before update or delete on accreditation_history
  for each row execute function accreditation_history_is_append_only();
