-- How often a day was marked: whoever looked at it takes it off only if nothing came meanwhile, and holds no lock while
-- looking, on which the projection would wait.
alter table due_day add column marks bigint not null default 1;
