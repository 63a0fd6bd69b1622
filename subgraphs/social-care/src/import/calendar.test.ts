import { expect, test } from 'vitest';
import { calendarDate, calendarDateOfDayMonthYear, daysAfter } from './calendar.ts';

test.each([
  ['2016-02-29', '2016-02-29'],
  ['2015-02-29', undefined],
  ['2100-02-29', undefined],
  ['2000-02-29', '2000-02-29'],
  ['2016-04-31', undefined],
  ['2016-13-01', undefined],
  ['2016-1-01', undefined],
  ['0016-01-01', undefined],
  ['2016-02-29T00:00:00', undefined],
])('the census date %s is %s', (value, date) => {
  expect(calendarDate(value)).toBe(date);
});

test.each([
  ['29/02/2016', '2016-02-29'],
  ['31/04/2016', undefined],
  ['2016-02-15', undefined],
  ['zz/05/2020', undefined],
])('the SSDA903 date %s is %s', (value, date) => {
  expect(calendarDateOfDayMonthYear(value)).toBe(date);
});

test.each([
  ['2024-03-01', -1, '2024-02-29'],
  ['2026-03-29', 1, '2026-03-30'],
  ['2026-01-01', -280, '2025-03-27'],
])('%s and %i days is %s', (date, days, other) => {
  expect(daysAfter(date, days)).toBe(other);
});
