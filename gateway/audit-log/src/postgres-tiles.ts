import type postgres from 'postgres';
import { bootTimeOf } from './origin.ts';
import { TILE_WIDTH } from './tile-path.ts';
import { foldHashes, MissingTileError, type TileSource } from './tiled-tree.ts';

/**
 * Tiles of one log in the audit database: those that the signer has kept, and what is not there made of what lies
 * below, down to the hashes of leaves.
 *
 * @param leaves `aggregate_leaf` for the log of all logs.
 */
export function createPostgresTiles(
  sql: postgres.Sql,
  origin: string,
  leaves: 'leaf' | 'aggregate_leaf' = 'leaf',
): TileSource {
  const kept = async (level: number, first: bigint, count: number) => {
    const rows = await sql<{ index: string | bigint; hashes: Buffer }[]>`
      select index, hashes from tile
      where origin = ${origin} and level = ${level}
        and index >= ${String(first)}::bigint and index < ${String(first + BigInt(count))}::bigint`;
    return new Map(rows.map(({ index, hashes }) => [BigInt(index), hashes]));
  };

  // No leaf lies before the boot in its log's name, and no partition of before is opened.
  const boot = leaves === 'leaf' ? bootTimeOf(origin) : undefined;
  const sinceBoot = boot === undefined ? sql`` : sql`and at >= ${boot.toISOString()}::timestamptz`;

  const leafHashes = async (index: bigint, width: number): Promise<Uint8Array> => {
    const first = index * BigInt(TILE_WIDTH);
    const rows = await sql<{ index: string | bigint; leaf_hash: Buffer }[]>`
      select index, leaf_hash from ${sql(leaves)}
      where origin = ${origin}
        and index >= ${String(first)}::bigint and index < ${String(first + BigInt(width))}::bigint ${sinceBoot}
      order by index`;
    for (let place = 0; place < Math.max(width, rows.length); place++) {
      const index = first + BigInt(place);
      const found = rows[place]?.index;
      if (found === undefined || BigInt(found) > index)
        throw new MissingTileError(`The log ${origin} lacks leaf ${index}`);
      if (BigInt(found) < index)
        throw new MissingTileError(`The log ${origin} holds leaf ${found} more than once`);
    }
    return Buffer.concat(rows.map((row) => row.leaf_hash));
  };

  const below = async (level: number, index: bigint, width: number): Promise<Uint8Array> => {
    const first = index * BigInt(TILE_WIDTH);
    const tiles = await kept(level - 1, first, width);
    const roots: Uint8Array[] = [];
    for (let place = first; place < first + BigInt(width); place++) {
      roots.push(foldHashes(tiles.get(place) ?? (await make(level - 1, place, TILE_WIDTH))));
    }
    return Buffer.concat(roots);
  };

  const make = (level: number, index: bigint, width: number) =>
    level === 0 ? leafHashes(index, width) : below(level, index, width);

  return {
    async tile(level, index, width) {
      const whole = (await kept(level, index, 1)).get(index);
      return whole?.subarray(0, width * 32) ?? (await make(level, index, width));
    },
  };
}
