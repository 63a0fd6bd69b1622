import { leafHash } from '@contactpoint/audit-log/merkle';
import postgres from 'postgres';

export interface HeldAgainst {
  /** Receipts of answers that the log does not hold, or holds something else under. */
  readonly lost: readonly string[];
  /** Places where the log is not what it should be: a gap, or a hash that is not its leaf's. */
  readonly faults: readonly string[];
  /** Leaf hashes by origin, in the order of their indexes. */
  readonly hashes: ReadonlyMap<string, readonly Buffer[]>;
}

/**
 * Holds answers against the log in a database.
 *
 * @param answered What was asked, by receipt; undefined where the leaf's text is not known.
 */
export async function heldAgainst(
  readerUrl: string,
  answered: ReadonlyMap<string, string | undefined>,
): Promise<HeldAgainst> {
  const sql = postgres(readerUrl, { max: 1 });
  try {
    const rows = await sql<{ origin: string; index: string; leaf: Buffer; leaf_hash: Buffer }[]>`
      select origin, index, leaf, leaf_hash from leaf order by origin, index`;
    const kept = new Map(rows.map(({ origin, index, leaf }) => [`${origin} ${index}`, leaf.toString()]));
    const lost = [...answered].filter(([receipt, asked]) => {
      const leaf = kept.get(receipt);
      return leaf === undefined || (asked !== undefined && leaf !== asked);
    });
    const byOrigin = Map.groupBy(rows, ({ origin }) => origin);
    const faults = [...byOrigin.values()].flatMap((leaves) =>
      leaves.flatMap(({ origin, index, leaf, leaf_hash }, place) =>
        index === String(place) && leafHash(leaf).every((byte, at) => byte === leaf_hash[at])
          ? []
          : [`${origin} ${index}`],
      ),
    );
    const hashes = new Map(
      [...byOrigin].map(([origin, leaves]) => [origin, leaves.map((each) => each.leaf_hash)]),
    );
    return { lost: lost.map(([receipt]) => receipt), faults, hashes };
  } finally {
    await sql.end();
  }
}
