-- How agencies answer, as each gateway reports it now and then; kept for as long as it is looked at, and no longer.
create table agency_report (
  instance text not null,
  agency text not null,
  reported_at timestamptz not null,
  -- Whether it said that it is well when the gateway asked.
  well boolean not null,
  answered int not null,
  unanswered int not null,
  -- Of the answered: how many within each of the limits, which are in `agencies/agency-report.ts`; the last one counts what took longer.
  within int[] not null,
  primary key (instance, agency, reported_at)
);
create index agency_report_by_time on agency_report (reported_at);
