import {
  countLeaves,
  joinRanges,
  type LeafRange,
  readLeafRanges,
  withoutRanges,
} from '@contactpoint/audit-log/leaf-ranges';
import type { Findings } from '../findings.ts';
import { readJson } from '../leaf-kind.ts';
import type { GoneLeaves } from './gone-leaves.ts';

/** What one event says to be gone from one log. */
export interface RecordedPruning {
  /** Receipt of the event, `ORIGIN INDEX`. */
  readonly receipt: string;
  /** Milliseconds of the epoch: what went had been kept before. */
  readonly before: number;
  /** Undefined in an event from before leaves were named, which says how many. */
  readonly ranges: readonly LeafRange[] | undefined;
  readonly count: number;
}

/** No leaf goes within the first year, which is the shortest term there is. */
const SHORTEST_TERM_YEARS = 1;

/** Milliseconds by which a gateway's clock, which dates an event, may go before the database's, by which leaves are pruned. */
const CLOCKS_APART = 86_400_000;

/** Which leaves of which log may be gone, as the events of their pruning say. */
export class Prunings {
  readonly #now: Date;
  readonly #recorded = new Map<string, RecordedPruning[]>();

  /** @param now Of whoever verifies: an event of a pruning that is to come excuses nothing. */
  constructor(now: Date) {
    this.#now = now;
  }

  take(kind: string | undefined, leaf: Uint8Array, receipt: string): void {
    if (kind !== 'prune') return;
    const event = readJson(leaf);
    const pruned = event?.['pruned'];
    if (typeof pruned !== 'object' || pruned === null) return;
    const { origin, count, indexes, before } = pruned as Readonly<Record<string, unknown>>;
    if (typeof origin !== 'string' || typeof count !== 'number' || !Number.isSafeInteger(count)) return;
    const ranges = typeof indexes === 'string' ? readLeafRanges(indexes) : undefined;
    if (indexes !== undefined && ranges === undefined) return;
    const until = timeOf(before);
    if (!(until <= termBefore(Math.min(timeOf(event?.['at']), this.#now.getTime())))) return;
    const recorded = this.#recorded.get(origin) ?? [];
    recorded.push({ receipt, before: until, ranges, count: Math.max(0, count) });
    this.#recorded.set(origin, recorded);
  }

  /** Events that tell of leaves of this log. */
  of(origin: string): readonly RecordedPruning[] {
    return this.#recorded.get(origin) ?? [];
  }

  /**
   * Holds what is gone of a log against what was recorded. An event excuses leaves that were kept before the moment it names,
   * as far as the leaves around them tell, and no others.
   */
  check(origin: string, gone: GoneLeaves, findings: Findings): void {
    const recorded = this.of(origin);
    const named = recorded.flatMap(({ ranges = [], before }) => upTo(ranges, firstKeptLater(gone, before)));
    const unnamed = withoutRanges(gone.ranges, joinRanges(named));
    const [first] = unnamed;
    if (first === undefined) return;

    const counting = recorded.filter(({ ranges }) => ranges === undefined);
    const counted = counting.reduce((sum, { count }) => sum + count, 0);
    const latest = Math.max(...counting.map(({ before }) => firstKeptLater(gone, before)), 0);
    const count = countLeaves(unnamed);
    if (count <= counted && countLeaves(upTo(unnamed, latest)) === count) return;
    const others = counted === 0 ? '' : `; events that name none say that ${counted} are`;
    findings.add({
      code: 'PRUNED',
      origin,
      index: first[0],
      message: `${count} leaves are gone that no event of a pruning names as past their term${others}`,
    });
  }
}

/** Index of the first leaf that is gone and was kept later than a moment; infinite where there is none. */
function firstKeptLater({ ranges, since }: GoneLeaves, moment: number): number {
  const place = since.findIndex((time) => time > moment + CLOCKS_APART);
  return ranges[place]?.[0] ?? Number.POSITIVE_INFINITY;
}

/** @param end Index that is not among them any more. */
function upTo(ranges: readonly LeafRange[], end: number): readonly LeafRange[] {
  return ranges
    .filter(([first]) => first < end)
    .map(([first, last]) => [first, Math.min(last, end - 1)] as const);
}

function timeOf(text: unknown): number {
  return typeof text === 'string' ? Date.parse(text) : Number.NaN;
}

/** What may have been kept at the latest so that its shortest term is over, with a day's patience. */
function termBefore(moment: number): number {
  const date = new Date(moment);
  date.setUTCFullYear(date.getUTCFullYear() - SHORTEST_TERM_YEARS);
  return date.getTime() + CLOCKS_APART;
}
