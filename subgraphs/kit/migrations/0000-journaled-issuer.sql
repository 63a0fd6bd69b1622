-- Which gateway's boot asked: an entry that no event answers for is a bypass, unless that boot ended there. Null in
-- entries from before this column.
alter table access_journal add column iss text;
