-- Break-glass windows under which an event was decided, each named by the digest of the event that opened it.
alter table access_event add column override_windows text[] not null default '{}';

-- One alert a window, by whichever of its events comes first.
alter table alert add column override_window text;
create unique index alert_override_window on alert (rule, override_window);

-- A review has consequences elsewhere, whatever its outcome: the gateway draws them and says so here.
alter table override_review add column override_windows text[] not null default '{}';
alter table override_review rename column suspended_at to carried_out_at;
drop index override_review_reviewed_at_idx;
create index override_review_owed on override_review (reviewed_at) where carried_out_at is null;
