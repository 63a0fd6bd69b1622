import type postgres from 'postgres';
import { type AccessEvent, AccessEventError, type AccessEventPart } from '../access-event.ts';
import { decodeAccessEvent, joinAccessEvent } from '../decode-access-event.ts';

/** One event as a log holds it, all its parts together. */
export interface RecordedEvent {
  readonly origin: string;
  /** Of its parts. They are kept together and forgotten together. */
  readonly indexes: readonly bigint[];
  /** When the log took the last of them, RFC 3339 in UTC. */
  readonly recordedAt: string;
  readonly event: AccessEvent;
}

/** Leaves fetched at a time: 64 kB each at most, and 1 kB as a rule. */
const FETCHED = 500;

/** Events that wait for parts at a time. A writer appends an event's parts together, so there are hardly ever two. */
const MAX_WAITING = 100;

/**
 * The events of one log that are covered by a checkpoint and were kept before a moment, in order. Leaves that cannot be
 * read and events of which a part is missing are left out, for nobody can tell whom they are about.
 *
 * @param sql The audit database, as a role that may read leaves.
 */
export async function* readRecordedEvents(
  sql: postgres.Sql,
  origin: string,
  before: Date,
): AsyncGenerator<RecordedEvent> {
  const waiting = new Map<string, Waiting>();
  const leaves = sql<{ index: string | bigint; at: Date | string; leaf: Buffer }[]>`
    select index, at, leaf from leaf
    where origin = ${origin} and at < ${before.toISOString()}::timestamptz and leaf is not null
      and index < (select max(size) from checkpoint where origin = ${origin})
    order by index`;
  for await (const rows of leaves.cursor(FETCHED)) {
    for (const { index, at, leaf } of rows) {
      const part = readPart(leaf);
      if (part === undefined) continue;
      const name = `${part.nonce} ${part.kind}`;
      const known = waiting.get(name);
      const parts: Waiting['parts'] = known === undefined ? [part] : [...known.parts, part];
      const indexes = [...(known?.indexes ?? []), BigInt(index)];
      if (parts.length < part.parts) {
        waiting.set(name, { parts, indexes });
        giveUpOldest(waiting);
        continue;
      }
      waiting.delete(name);
      yield { origin, indexes, recordedAt: new Date(at).toISOString(), event: joinAccessEvent(parts) };
    }
  }
}

interface Waiting {
  readonly parts: readonly [AccessEventPart, ...AccessEventPart[]];
  readonly indexes: readonly bigint[];
}

function giveUpOldest(waiting: Map<string, Waiting>): void {
  for (const name of waiting.keys()) {
    if (waiting.size <= MAX_WAITING) return;
    waiting.delete(name);
  }
}

function readPart(leaf: Uint8Array): AccessEventPart | undefined {
  try {
    return decodeAccessEvent(leaf);
  } catch (cause) {
    if (cause instanceof AccessEventError) return undefined;
    throw cause;
  }
}
