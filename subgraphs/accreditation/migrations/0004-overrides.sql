-- Break-glass: for an hour a practitioner's decisions for one child are made with override, and a review is owed.
create table override_window (
  -- `evt` of the access event under which it was opened: ties the window to the gateway's log.
  evt text primary key check (evt <> ''),
  practitioner_id text not null references practitioner (id),
  -- ContactPoint number. Nothing else about the child is kept here.
  child_id text not null,
  opened_at timestamptz not null,
  expires_at timestamptz not null,
  review_due_at timestamptz not null,
  reviewed_at timestamptz,
  outcome text check (outcome in ('JUSTIFIED', 'UNJUSTIFIED')),
  check ((reviewed_at is null) = (outcome is null))
);

create index override_window_open on override_window (practitioner_id, expires_at);
create index override_window_owed on override_window (practitioner_id, review_due_at) where reviewed_at is null;
