-- What alerts are raised from is compared over a route of its own.
alter table access_journal drop constraint access_journal_operation_check;
alter table access_journal add constraint access_journal_operation_check check (operation in (
  'query', 'mutation-intent', 'mutation', 'facts', 'principals', 'overrides', 'comparisons'));
