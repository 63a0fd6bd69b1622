import {
  type AccessEvent,
  AccessEventError,
  type AccessEventPart,
} from '@contactpoint/audit-log/access-event';
import { decodeAccessEvent, joinAccessEvent } from '@contactpoint/audit-log/decode-access-event';
import postgres from 'postgres';
import { PolicyCommandError } from './policy-command-error.ts';

/** One event of the log, put together from its parts. */
export interface LoggedEvent {
  /** `ORIGIN INDEX` of its first part, as the caller got it in `Access-Log`. */
  readonly receipt: string;
  /** Undefined where the leaf is no event that this version reads. */
  readonly event: AccessEvent | undefined;
  /** Whether all its parts were found. */
  readonly complete: boolean;
}

/** One leaf as it lies in the log. */
export interface LoggedLeaf {
  readonly origin: string;
  readonly index: string;
  readonly leaf: Uint8Array;
}

/** Leaves fetched at a time; at most 64 kB each, and 2 kB as a rule. */
const FETCHED = 500;

/** Events that wait for parts at a time. A gateway appends an event's parts together, so there are hardly ever two. */
const MAX_WAITING = 100;

/**
 * The log's leaves as they were when reading began, log by log in order, through a cursor: a long log is never held in
 * memory. Ends its connection when it is left.
 *
 * @param since Leaves kept from this moment on; all of them where it is undefined.
 * @throws PolicyCommandError UNAVAILABLE when the database does not answer, or not to us.
 */
export async function* readLeaves(readerUrl: string, since: Date | undefined): AsyncGenerator<LoggedLeaf> {
  const sql = postgres(readerUrl, {
    max: 1,
    connect_timeout: 5,
    connection: { default_transaction_read_only: true },
  });
  try {
    const leaves = sql<{ origin: string; index: string; leaf: Buffer }[]>`
      select origin, index, leaf from leaf
      where at >= ${since ?? new Date(0)} and leaf is not null
      order by origin, index`;
    for await (const rows of leaves.cursor(FETCHED)) yield* rows;
  } catch (cause) {
    const why = cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
    throw new PolicyCommandError('UNAVAILABLE', `The audit log cannot be read: ${why}`, { cause });
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Puts parts together that belong to one event; what never gets complete comes as it is, at the end of its log. */
export async function* joinLeaves(leaves: AsyncIterable<LoggedLeaf>): AsyncGenerator<LoggedEvent> {
  const waiting = new Map<string, Waiting>();
  let current: string | undefined;

  for await (const { origin, index, leaf } of leaves) {
    if (origin !== current) yield* incomplete(waiting, 0);
    current = origin;
    const receipt = `${origin} ${index}`;
    const part = readPart(leaf);
    if (part === undefined) {
      yield { receipt, event: undefined, complete: true };
      continue;
    }
    const known = waiting.get(part.nonce);
    const parts: Waiting['parts'] = known === undefined ? [part] : [...known.parts, part];
    if (parts.length === part.parts) {
      waiting.delete(part.nonce);
      yield { receipt: known?.receipt ?? receipt, event: joinAccessEvent(parts), complete: true };
    } else {
      waiting.set(part.nonce, { receipt: known?.receipt ?? receipt, parts });
      yield* incomplete(waiting, MAX_WAITING);
    }
  }
  yield* incomplete(waiting, 0);
}

interface Waiting {
  readonly receipt: string;
  readonly parts: readonly [AccessEventPart, ...AccessEventPart[]];
}

/** Gives up on the oldest until no more than `most` are left. */
function* incomplete(waiting: Map<string, Waiting>, most: number): Generator<LoggedEvent> {
  for (const [nonce, { receipt, parts }] of waiting) {
    if (waiting.size <= most) return;
    waiting.delete(nonce);
    yield { receipt, event: joinAccessEvent(parts), complete: false };
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
