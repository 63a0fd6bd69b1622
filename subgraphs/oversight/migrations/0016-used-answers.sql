-- Of an event by which an answer was copied or printed: which answer, by its receipt.
alter table access_event add column used_origin text;
alter table access_event add column used_index bigint;
alter table access_event add column answer_use text;
