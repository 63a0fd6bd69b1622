import { eventDigest } from '@contactpoint/access/grant';
import { AccessEventError } from '@contactpoint/audit-log/access-event';
import { decodeAccessEvent } from '@contactpoint/audit-log/decode-access-event';
import type postgres from 'postgres';
import type { Finding } from './finding.ts';
import { unreadable } from './reconcile-error.ts';

/** Where an event stood that answered for a request. */
export interface EventPlace {
  readonly origin: string;
  readonly index: string;
}

/**
 * Of requests that no event of the log answers for, those of which oversight has rows of an event, by `jti`: it was in the
 * log, and was taken out.
 */
export type FindsRemoved = (
  requests: readonly Pick<Finding, 'jti' | 'at'>[],
) => Promise<ReadonlyMap<string, EventPlace>>;

interface RowOfEvent extends EventPlace {
  readonly jti: string;
  readonly evt: string;
}

/** Milliseconds by which an agency's clock may be wrong, and an event be later than its request. */
const APART = 3_600_000;

/**
 * @param oversight Its database: the rows that it made of the log.
 * @param audit The log's database, as its reader; what has come meanwhile was not removed.
 */
export function findRemovedIn(oversight: postgres.Sql, audit: postgres.Sql): FindsRemoved {
  return async (requests) => {
    if (requests.length === 0) return new Map();
    const times = requests.map(({ at }) => Date.parse(at));
    const from = new Date(Math.min(...times) - APART).toISOString();
    const to = new Date(Math.max(...times) + APART).toISOString();
    const rows = await oversight<RowOfEvent[]>`
      select jti, evt, origin, index::text from access_event, unnest(jtis) as jti
      where at between ${from}::timestamptz and ${to}::timestamptz
        and jti = any(${requests.map(({ jti }) => jti)}::text[])`.catch((cause: unknown) => {
      throw unreadable("Oversight's database", cause);
    });
    const kept = await readKept(audit, rows, from);
    return new Map(
      rows.flatMap(({ jti, evt, origin, index }) =>
        kept.has(`${origin} ${index} ${evt}`) ? [] : [[jti, { origin, index }]],
      ),
    );
  };
}

/** Which of them the log holds, as `origin index evt`. */
async function readKept(
  audit: postgres.Sql,
  rows: readonly RowOfEvent[],
  from: string,
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const leaves = await audit<{ origin: string; index: string; leaf: Buffer | null }[]>`
    select origin, index::text, leaf from leaf
    where at >= ${from}::timestamptz and (origin, index) in (
      select * from unnest(${rows.map(({ origin }) => origin)}::text[], ${rows.map(({ index }) => index)}::bigint[])
    )`.catch((cause: unknown) => {
    throw unreadable('The audit log', cause);
  });
  const said = new Map(leaves.map(({ origin, index, leaf }) => [`${origin} ${index}`, leaf]));
  return new Set(
    rows.flatMap(({ origin, index, evt }) => {
      const leaf = said.get(`${origin} ${index}`);
      // One that was pruned after its term says nothing, and is still there.
      const isKept = leaf === null || (leaf !== undefined && nameOf(leaf) === evt);
      return isKept ? [`${origin} ${index} ${evt}`] : [];
    }),
  );
}

/** Undefined where it is no event: something else was put in its place. */
function nameOf(leaf: Uint8Array): string | undefined {
  try {
    return eventDigest(Buffer.from(decodeAccessEvent(leaf).nonce, 'hex'));
  } catch (cause) {
    if (cause instanceof AccessEventError) return undefined;
    throw cause;
  }
}
