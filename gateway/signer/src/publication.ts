import { type Hash, leafHash } from '@contactpoint/audit-log/merkle';
import type { LeafRange } from './leaf-hashes.ts';
import { LogRefused } from './log-refused.ts';
import type { FullTile } from './right-edge.ts';
import type { SignedCheckpoint } from './signed-checkpoint.ts';
import type { SignerSession } from './signer-session.ts';

/** The newest checkpoint of a log in the database; undefined where it has none. */
export async function newestPublished(
  session: SignerSession,
  origin: string,
): Promise<{ readonly size: bigint; readonly root: Hash } | undefined> {
  const [newest] = await session.read(
    (sql) => sql<{ size: bigint; root_hash: Buffer }[]>`
      select size, root_hash from checkpoint where origin = ${origin} order by size desc limit 1`,
  );
  return newest === undefined ? undefined : { size: newest.size, root: newest.root_hash };
}

/**
 * Keeps full tiles. They are facts about leaves and not yet vouched for: one that is there already, from a round that was
 * cut off, must be the same.
 *
 * @throws LogRefused FORKED where it is another.
 */
export async function keepTiles(
  session: SignerSession,
  origin: string,
  tiles: readonly FullTile[],
): Promise<void> {
  const levels = tiles.map(({ level }) => level);
  const indexes = tiles.map(({ index }) => index.toString());
  // One value, taken apart by the server: the driver's way with arrays of bytes takes four times as long.
  const all = Buffer.concat(tiles.map(({ hashes }) => hashes));
  await session.write(async (transaction) => {
    const given = transaction`
      select level, index, substring(${all}::bytea from (place::int - 1) * 8192 + 1 for 8192) as hashes
      from unnest(${levels}::smallint[], ${indexes}::bigint[]) with ordinality as tile (level, index, place)`;
    await transaction`
      insert into tile (origin, level, index, hashes)
      select ${origin}, level, index, hashes from (${given}) as given
      on conflict do nothing`;
    const [kept] = await transaction<{ count: bigint }[]>`
      select count(*) as count from (${given}) as given
      join tile on tile.origin = ${origin} and tile.level = given.level and tile.index = given.index
        and tile.hashes = given.hashes`;
    if (kept?.count !== BigInt(tiles.length)) throw new LogRefused(origin, 'FORKED');
  });
}

/** @param aggregate End of the log of logs, where each of them becomes a leaf; undefined where they become none. */
export async function publish(
  session: SignerSession,
  signed: readonly SignedCheckpoint[],
  aggregate: LeafRange | undefined,
): Promise<void> {
  await session.write(async (transaction) => {
    for (const [place, { origin, size, root, note }] of signed.entries()) {
      await transaction`
        insert into checkpoint (origin, size, root_hash, signed_note)
        values (${origin}, ${size}, ${Buffer.from(root)}, ${note})`;
      if (aggregate === undefined) continue;
      const leaf = Buffer.from(note);
      await transaction`
        insert into aggregate_leaf (origin, index, leaf, leaf_hash)
        values (${aggregate.origin}, ${aggregate.from + BigInt(place)}, ${leaf}, ${Buffer.from(leafHash(leaf))})`;
    }
  });
}

/** One beat more: that a whole round was made, and the store answered. Liveness is no evidence, and waits for no disk. */
export async function beat(session: SignerSession): Promise<void> {
  await session.write(async (transaction) => {
    await transaction`set local synchronous_commit = off`;
    await transaction`update signer_beat set beat = beat + 1, at = clock_timestamp() where id = 1`;
  });
}
