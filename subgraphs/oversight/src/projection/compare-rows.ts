import { bootTimeOf } from '@contactpoint/audit-log/origin';
import type { Store } from '@contactpoint/subgraph-kit/store';
import { decodeOrUndefined, eventDigest } from './read-batch.ts';

/** Where rows tell of a leaf that the log does not hold any more, or not as it was. */
export interface Contradiction {
  readonly origin: string;
  readonly index: string;
}

/** The rows are all that is left of what was in the log: they are evidence, and are not dropped. */
export class RowsContradictedError extends Error {
  override readonly name = 'RowsContradictedError';
  /** The first of them. */
  readonly places: readonly Contradiction[];
  readonly count: number;

  constructor(found: readonly Contradiction[]) {
    super(`${found.length} leaves of which there are rows are not in the log, or are not what they were`);
    this.places = found.slice(0, MOST_NAMED);
    this.count = found.length;
  }
}

const MOST_NAMED = 20;

/** Rows compared at a time. */
const FETCHED = 500;

/**
 * Holds the rows against the log: that each event's first leaf is still there and is that event's, and that the last leaf that was
 * read of each log is. What was pruned after its term agrees: its leaf stays, and says nothing.
 *
 * @param audit The log's database, as its reader.
 * @param log Rows of this one alone; of every log where it is absent.
 */
export async function findContradictions(
  store: Store,
  audit: Store,
  log?: string,
): Promise<readonly Contradiction[]> {
  const found = new Map<string, Contradiction>();
  const add = (places: readonly Contradiction[]) => {
    for (const place of places) found.set(`${place.origin} ${place.index}`, place);
  };
  const ofLog = log === undefined ? store`` : store`and origin = ${log}`;
  const events = store<EventPlace[]>`
    select origin, index::text, evt from access_event where true ${ofLog} order by origin, index`;
  for await (const rows of events.cursor(FETCHED)) {
    for (const [origin, group] of Map.groupBy(rows, (row) => row.origin)) {
      add(await contradictedEvents(audit, origin, group));
    }
  }
  add(await contradictedEnds(store, audit, log));
  return [...found.values()];
}

interface EventPlace extends Contradiction {
  /** Names the event as grants do. */
  readonly evt: string;
}

async function contradictedEvents(
  audit: Store,
  origin: string,
  events: readonly EventPlace[],
): Promise<readonly Contradiction[]> {
  const leaves = await audit<{ index: string; leaf: Uint8Array | null }[]>`
    select index::text, leaf from leaf
    where origin = ${origin} and index = any(${events.map(({ index }) => index)}::text[]::bigint[])
      and at >= ${bootOf(origin)}::timestamptz`;
  const kept = new Map(leaves.map(({ index, leaf }) => [index, leaf]));
  return events
    .filter(({ index, evt }) => !agrees(kept.get(index), evt))
    .map(({ index }) => ({ origin, index }));
}

/** @param leaf Null for a pruned one, undefined where there is none. */
function agrees(leaf: Uint8Array | null | undefined, evt: string): boolean {
  if (leaf === undefined || leaf === null) return leaf === null;
  const part = decodeOrUndefined(leaf);
  return part !== undefined && eventDigest(part.nonce) === evt;
}

async function contradictedEnds(
  store: Store,
  audit: Store,
  log: string | undefined,
): Promise<readonly Contradiction[]> {
  const ofLog = log === undefined ? store`` : store`and origin = ${log}`;
  const ends = await store<{ origin: string; index: string; hash: string }[]>`
    select origin, (next_index - 1)::text as index, encode(last_hash, 'hex') as hash from log_cursor
    where last_hash is not null ${ofLog} order by origin`;
  const contradicted: Contradiction[] = [];
  for (const { origin, index, hash } of ends) {
    const [leaf] = await audit<{ hash: string }[]>`
      select encode(leaf_hash, 'hex') as hash from leaf
      where origin = ${origin} and index = ${index}::bigint and at >= ${bootOf(origin)}::timestamptz limit 1`;
    if (leaf?.hash !== hash) contradicted.push({ origin, index });
  }
  return contradicted;
}

/** No leaf lies before the boot in its log's name, and no partition of before is opened. */
function bootOf(origin: string): string {
  return (bootTimeOf(origin) ?? new Date(0)).toISOString();
}
