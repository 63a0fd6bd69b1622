import { describe, expect, test } from 'vitest';
import { daysBetween, isCalendarDate, londonDate, plusMonths } from './calendar-date.ts';

describe('londonDate', () => {
  test.each([
    ['in winter the day of UTC', '2026-01-15T23:59:59.999Z', '2026-01-15'],
    ['and the next one at once', '2026-01-16T00:00:00.000Z', '2026-01-16'],
    ['in summer an hour earlier', '2026-07-15T22:59:59.999Z', '2026-07-15'],
    ['when it is not yet midnight in UTC', '2026-07-15T23:00:00.000Z', '2026-07-16'],
    ['on the day on which summer time begins', '2026-03-29T23:00:00.000Z', '2026-03-30'],
    ['on the day on which it ends', '2026-10-25T23:30:00.000Z', '2026-10-25'],
    ['at the epoch, when London kept summer time all year', '1970-01-01T00:00:00.000Z', '1970-01-01'],
    ['late in a day of that winter', '1970-12-31T23:00:00.000Z', '1971-01-01'],
    ['before there was any standard time', '1800-01-01T00:00:30.000Z', '1799-12-31'],
    ['in the same hour, once the local day had begun', '1800-01-01T00:59:30.000Z', '1800-01-01'],
  ])('%s', (_case, moment, date) => {
    expect(londonDate(new Date(moment))).toBe(date);
    expect(londonDate(new Date(moment))).toBe(date);
  });

  test('of ever more hours, remembered or not', () => {
    const noon = Date.UTC(2020, 0, 1, 12);
    for (let day = 0; day < 6_000; day++) {
      const moment = new Date(noon + day * 86_400_000);
      expect(londonDate(moment)).toBe(moment.toISOString().slice(0, 10));
    }
    expect(londonDate(new Date(noon))).toBe('2020-01-01');
  });
});

test.each([
  ['2024-02-29', true],
  ['2025-02-29', false],
  ['2026-13-01', false],
  ['2026-00-10', false],
  ['2026-1-1', false],
  ['2026-01-01T00:00:00Z', false],
  [' 2026-01-01', false],
  ['+002026-01-01', false],
  ['2026-01-010', false],
  ['', false],
])('%j is a day that exists: %s', (value, isOne) => {
  expect(isCalendarDate(value)).toBe(isOne);
});

test.each([
  ['2026-01-31', 1, '2026-02-28'],
  ['2024-02-29', 36, '2027-02-28'],
  ['2024-02-29', 48, '2028-02-29'],
  ['2026-11-30', 3, '2027-02-28'],
  ['2026-12-15', 1, '2027-01-15'],
  ['2026-03-31', 0, '2026-03-31'],
  ['2026-03-31', -1, '2026-02-28'],
  ['2026-03-31', -13, '2025-02-28'],
  ['2026-01-15', -12, '2025-01-15'],
  ['2026-01-15', -2, '2025-11-15'],
])('%s and %i months is %s', (date, months, later) => {
  expect(plusMonths(date, months)).toBe(later);
});

test.each([
  ['2026-01-01', '2026-01-01', 0],
  ['2026-03-28', '2026-03-30', 2],
  ['2026-03-30', '2026-03-28', -2],
  ['2023-12-31', '2024-12-31', 366],
])('from %s to %s are %i days', (from, to, days) => {
  expect(daysBetween(from, to)).toBe(days);
});

test('dates are reckoned like the runtime reckons them, about each kind of leap year', () => {
  const wrong: string[] = [];
  for (const leap of [1900, 2000, 2024, 2100]) {
    for (let day = Date.UTC(leap - 1, 0, 1); day < Date.UTC(leap + 2, 0, 1); day += DAY) {
      const date = new Date(day).toISOString().slice(0, 10);
      const [year, month, number] = date.split('-').map(Number) as [number, number, number];
      const next = `${date.slice(0, 8)}${String(number + 1).padStart(2, '0')}`;
      const isLast = new Date(day + DAY).getUTCDate() === 1;
      const lastOfLater = new Date(Date.UTC(year, month + 13, 0)).getUTCDate();
      const later = new Date(Date.UTC(year, month + 12, Math.min(number, lastOfLater)));
      if (!isCalendarDate(date) || isCalendarDate(next) === isLast) wrong.push(date);
      if (plusMonths(date, 13) !== later.toISOString().slice(0, 10)) wrong.push(`13 months after ${date}`);
    }
  }
  expect(wrong).toEqual([]);
});

const DAY = 86_400_000;
