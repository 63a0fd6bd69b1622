-- Not a projection: what was published of a day stays as it was published. A number that changed afterwards, because an
-- event came late or went after its term, would tell of that one event.
create table figure_day (
  day date primary key,
  counted_at timestamptz not null
);

-- Each access to a record of a day stands in one row, and none stands on fewer than five children: sums and differences of
-- rows do neither. No organisation: several together, each too small alone. No purpose: several of them, too.
create table access_figure (
  day date not null references figure_day,
  organisation_id text,
  purpose text,
  accesses int not null check (accesses >= 5),
  unique nulls not distinct (day, organisation_id, purpose)
);

-- The same accesses, and requests that were refused before they reached a record, by what was withheld. No reason: several.
create table withheld_figure (
  day date not null references figure_day,
  reason text,
  accesses int not null check (accesses >= 5),
  unique nulls not distinct (day, reason)
);

-- What was read through one break-glass window.
create index access_event_override_windows on access_event using gin (override_windows) where override;
