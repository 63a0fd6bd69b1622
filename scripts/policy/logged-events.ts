import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import { EventParts, type JoinedEvent } from '@contactpoint/audit-log/event-parts';
import { openReader } from '../postgres/open-reader.ts';
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

/**
 * The log's leaves as they were when reading began, log by log in order, through a cursor: a long log is never held in
 * memory. Ends its connection when it is left.
 *
 * @param since Leaves kept from this moment on; all of them where it is undefined.
 * @throws PolicyCommandError UNAVAILABLE when the database does not answer, or not to us.
 */
export async function* readLeaves(readerUrl: string, since: Date | undefined): AsyncGenerator<LoggedLeaf> {
  const sql = openReader(readerUrl);
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

/**
 * Puts parts together that belong to one event. What never gets complete comes as it is, at the end of its log or before the
 * recording that took its place.
 */
export async function* joinLeaves(leaves: AsyncIterable<LoggedLeaf>): AsyncGenerator<LoggedEvent> {
  const parts = new EventParts<string>();
  let current: string | undefined;

  for await (const { origin, index, leaf } of leaves) {
    if (origin !== current) yield* logged(parts.end());
    current = origin;
    const receipt = `${origin} ${index}`;
    const joined = parts.take(receipt, leaf);
    if (joined === undefined) yield { receipt, event: undefined, complete: true };
    else yield* logged(joined);
  }
  yield* logged(parts.end());
}

function* logged(recordings: readonly JoinedEvent<string>[]): Generator<LoggedEvent> {
  for (const { places, event, complete, former } of recordings) {
    yield* logged(former);
    yield { receipt: places[0], event, complete };
  }
}
