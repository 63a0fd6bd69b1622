import { expect, test } from 'vitest';
import { showReport } from './show-report.ts';

test('counts each reason once and names the first lines', () => {
  const quarantined = Array.from({ length: 7 }, (_, place) => ({
    file: 'reviews.csv',
    line: place + 2,
    field: 'REVIEW',
    reason: 'BEFORE_BIRTH',
  }));
  const report = {
    source: 'ssda903',
    rows: 10,
    accepted: 2,
    updated: 1,
    unchanged: 0,
    dropped: [{ file: 'header.csv', line: 9, field: 'UPN', reason: 'INVALID_UPN' }],
    quarantined,
    kinds: { reviews: { rows: 10, accepted: 2, updated: 1, unchanged: 0, quarantined: 7 } },
  };
  expect(showReport(report)).toBe(`ssda903: 10 rows
  2 accepted, 1 updated, 0 unchanged, 7 quarantined
  reviews: 10 rows, 2 accepted, 1 updated, 0 unchanged, 7 quarantined
Quarantined, not taken:
  7 × BEFORE_BIRTH REVIEW reviews.csv, line 2, 3, 4, 5, 6 …
Dropped, the row was taken without it:
  1 × INVALID_UPN UPN header.csv, line 9
`);
});
