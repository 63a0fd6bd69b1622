-- One alert a practitioner and hour, however often the account asks again: the hour in UTC.
alter table alert add column limit_hour timestamptz;
create unique index alert_limit_hour on alert (rule, practitioner_id, limit_hour);
