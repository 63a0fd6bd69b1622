import { aggregateOf } from '@contactpoint/audit-log/origin';
import type { RefusalReason } from './log-refused.ts';
import { isLogOf } from './origins.ts';
import { hasSameRoot, type SignedCheckpoint } from './signed-checkpoint.ts';
import type { SignedState } from './signed-state.ts';
import type { SignerSession } from './signer-session.ts';

/** What the database says of logs that the folder remembers, those that ended long ago among them. */
export interface Comparison {
  /** Checkpoints that were signed, and that the database does not have: a crash came between, or somebody took them away. */
  readonly unpublished: readonly SignedCheckpoint[];
  /** Logs that are gone, or whose newest checkpoint contradicts what is remembered, by origin. */
  readonly refused: ReadonlyMap<string, RefusalReason>;
}

/** Nothing has been compared yet. */
export const NOTHING_COMPARED: Comparison = { unpublished: [], refused: new Map() };

/**
 * Holds the newest checkpoint that the database has of every remembered log against the one that was signed last. Two rows a
 * log are looked at, found by their keys; leaves are not.
 */
export async function compareRemembered(
  session: SignerSession,
  state: SignedState,
  deployment: string,
): Promise<Comparison> {
  const remembered = state.all().filter(({ origin }) => isOurs(deployment, origin));
  const origins = remembered.map(({ origin }) => origin);
  const rows = await session.read(
    (sql) => sql<{ origin: string; written: boolean; size: bigint | null; root: Buffer | null }[]>`
      select log.origin, last.size, last.root_hash as root,
        exists (select from writer_session where writer_session.origin = log.origin) as written
      from unnest(${origins}::text[]) as log (origin)
      left join lateral (
        select size, root_hash from checkpoint where checkpoint.origin = log.origin order by size desc limit 1
      ) as last on true`,
  );
  const found = new Map(rows.map((row) => [row.origin, row]));
  const unpublished: SignedCheckpoint[] = [];
  const refused = new Map<string, RefusalReason>();
  for (const signed of remembered) {
    const { written = false, size, root } = found.get(signed.origin) ?? {};
    if (!written && signed.origin !== aggregateOf(deployment)) refused.set(signed.origin, 'VANISHED');
    else if (size != null && size > signed.size) refused.set(signed.origin, 'UNKNOWN_CHECKPOINT');
    else if (size === signed.size && root != null && !hasSameRoot(signed, { root }))
      refused.set(signed.origin, 'FORKED');
    if (size == null || size < signed.size) unpublished.push(signed);
  }
  return { unpublished, refused };
}

function isOurs(deployment: string, origin: string): boolean {
  return origin === aggregateOf(deployment) || isLogOf(deployment, origin);
}
