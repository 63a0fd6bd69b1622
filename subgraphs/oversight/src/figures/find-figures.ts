import { daysBetween } from '@contactpoint/access/calendar-date';
import type { Store } from '@contactpoint/subgraph-kit/store';
import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';
import { readDay } from '../bad-input.ts';

/** Days of one question at most. */
const MOST_DAYS = 366;

/** Rows of one page at most: every purpose on every day of a quarter. */
const LARGEST_PAGE = 1_200;

/** What accesses can be told apart by. */
const COLUMNS = { DAY: 'day', ORGANISATION: 'organisation_id', PURPOSE: 'purpose' } as const;

export interface FigureRange {
  /** First and last day that count, in Europe/London. */
  readonly from: unknown;
  readonly to: unknown;
}

export interface AccessFigureArguments extends FigureRange {
  readonly by: readonly (keyof typeof COLUMNS)[];
  readonly first?: number | null;
  readonly after?: string | null;
}

interface AccessFigureRow {
  readonly day: string | null;
  readonly organisationId: string | null;
  readonly purpose: string | null;
  readonly accesses: number;
}

/**
 * Sums of published numbers. Whatever is asked for, and however it is narrowed, it comes from the rows that each day was
 * published as: there is no sum from which another would leave fewer than a row.
 */
export async function findAccessFigures(store: Store, request: AccessFigureArguments) {
  const { from, to } = readRange(request);
  const first = request.first ?? 500;
  if (first < 1 || first > LARGEST_PAGE)
    throw badArgument('first', 'RANGE', `first must be from 1 to ${LARGEST_PAGE}`);
  const passed = request.after ?? '0';
  if (!/^\d{1,9}$/.test(passed)) throw badArgument('after', 'FORM', 'after is not a cursor of this list');
  const asked = (name: keyof typeof COLUMNS) =>
    request.by.includes(name) ? store(COLUMNS[name]) : store`null`;
  const found = await store<AccessFigureRow[]>`
    select day, organisation as "organisationId", purpose, sum(accesses)::int as accesses
    from (
      select ${asked('DAY')}::date as day, ${asked('ORGANISATION')}::text as organisation,
        ${asked('PURPOSE')}::text as purpose, accesses
      from access_figure where day between ${from} and ${to}
    ) as figure
    group by day, organisation, purpose
    order by day, accesses desc, organisation, purpose
    offset ${passed}::int limit ${first + 1}`;
  return {
    ...{ from, to, countedTo: await countedTo(store) },
    figures: found.slice(0, first),
    endCursor: found.length === 0 ? null : String(Number(passed) + Math.min(first, found.length)),
    hasNextPage: found.length > first,
  };
}

export async function findWithheldFigures(store: Store, request: FigureRange) {
  const { from, to } = readRange(request);
  const figures = await store<{ reason: string | null; requests: number }[]>`
    select reason, sum(accesses)::int as requests from withheld_figure
    where day between ${from} and ${to} group by reason order by requests desc, reason`;
  return { from, to, countedTo: await countedTo(store), figures };
}

async function countedTo(store: Store): Promise<string | null> {
  const [row] = await store<{ day: string | null }[]>`select max(day) as day from figure_day`;
  return row?.day ?? null;
}

function readRange(range: FigureRange): { readonly from: string; readonly to: string } {
  const [from, to] = [readDay(range.from, 'from'), readDay(range.to, 'to')];
  if (from === undefined || to === undefined)
    throw badArgument(from === undefined ? 'from' : 'to', 'FORM', 'from and to must be days, YYYY-MM-DD');
  const days = daysBetween(from, to) + 1;
  if (days < 1) throw badArgument('to', 'ORDER', 'to must not be before from');
  if (days > MOST_DAYS)
    throw badArgument('to', 'RANGE', `from and to must be at most ${MOST_DAYS} days apart`);
  return { from, to };
}
