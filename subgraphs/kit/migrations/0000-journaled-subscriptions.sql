-- A subscription is journaled when it is opened and once for each of its events.
alter table access_journal drop constraint access_journal_operation_check;
alter table access_journal add constraint access_journal_operation_check check (operation in (
  'query', 'mutation-intent', 'mutation', 'subscription', 'facts', 'principals', 'overrides', 'comparisons'));
