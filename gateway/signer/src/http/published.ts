import { aggregateOf } from '@contactpoint/audit-log/origin';
import { createPostgresTiles } from '@contactpoint/audit-log/postgres-tiles';
import { readTilePath, TILE_WIDTH } from '@contactpoint/audit-log/tile-path';
import { MissingTileError } from '@contactpoint/audit-log/tiled-tree';
import type postgres from 'postgres';

/** What anybody may read of the logs: heads and hashes, of whose leaves nobody learns what they say. */
export interface Published {
  /**
   * The newest checkpoint, with the signatures that witnesses have added; of the log of logs the newest one that has a
   * quorum of them.
   *
   * @returns undefined where there is none.
   */
  checkpoint(origin: string): Promise<string | undefined>;
  /** @param path `tile/0/x001/234.p/5`. @returns undefined for what no checkpoint covers, and for entries. */
  tile(origin: string, path: string): Promise<Uint8Array | undefined>;
}

export interface PublishedOptions {
  readonly sql: postgres.Sql;
  readonly deployment: string;
  readonly quorum: number;
}

/** @see https://c2sp.org/tlog-tiles */
export function readPublished({ sql, deployment, quorum }: PublishedOptions): Published {
  const aggregate = aggregateOf(deployment);
  return {
    async checkpoint(origin) {
      const [newest] = await sql<{ size: string; signed_note: string }[]>`
        select size, signed_note from checkpoint
        where origin = ${origin}
          ${origin === aggregate && quorum > 0 ? sql`and size = (${cosigned(sql, origin, quorum)})` : sql``}
        order by size desc limit 1`;
      if (newest === undefined) return undefined;
      const lines = await sql<{ line: string }[]>`
        select line from cosignature where origin = ${origin} and size = ${newest.size} order by witness`;
      return newest.signed_note + lines.map(({ line }) => line).join('');
    },

    async tile(origin, path) {
      const address = readTilePath(path);
      if (address === undefined || address.level === 'entries') return undefined;
      const { level, index, width } = address;
      const [newest] = await sql<{ size: string }[]>`
        select size from checkpoint where origin = ${origin} order by size desc limit 1`;
      const end = (index * BigInt(TILE_WIDTH) + BigInt(width)) << BigInt(8 * level);
      if (newest === undefined || end > BigInt(newest.size)) return undefined;
      const tiles = createPostgresTiles(sql, origin, origin === aggregate ? 'aggregate_leaf' : 'leaf');
      try {
        return await tiles.tile(level, index, width);
      } catch (cause) {
        if (cause instanceof MissingTileError) return undefined;
        throw cause;
      }
    },
  };
}

/** Size of the newest checkpoint that enough witnesses have cosigned. */
function cosigned(sql: postgres.Sql, origin: string, quorum: number) {
  return sql`
    select size from cosignature where origin = ${origin}
    group by size having count(*) >= ${quorum} order by size desc limit 1`;
}
