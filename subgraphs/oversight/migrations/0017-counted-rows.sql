-- How many rows were made of each log, counted in the transactions that make and forget them: rows that come or go in any
-- other way show.
alter table log_cursor add column events bigint not null default 0;
alter table log_cursor add column subjects bigint not null default 0;
update log_cursor set events = made.count
from (select origin, count(*) as count from access_event group by origin) as made
where made.origin = log_cursor.origin;
update log_cursor set subjects = made.count
from (select origin, count(*) as count from access_subject group by origin) as made
where made.origin = log_cursor.origin;
