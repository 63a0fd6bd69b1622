import type { Hash } from '@contactpoint/audit-log/merkle';
import { isAggregate } from '@contactpoint/audit-log/origin';
import { createPostgresTiles } from '@contactpoint/audit-log/postgres-tiles';
import { TILE_WIDTH } from '@contactpoint/audit-log/tile-path';
import type { TileSource } from '@contactpoint/audit-log/tiled-tree';
import { LogFault } from '@contactpoint/audit-verifier/fault';
import type { LeafBatch, SourceLog } from '@contactpoint/audit-verifier/log-source';
import type postgres from 'postgres';
import { openReader } from '../postgres/open-reader.ts';
import { type CopyRow, readCopyRows } from './copy-rows.ts';
import { gatherChunks } from './gather-chunks.ts';
import { readNotes } from './stored-notes.ts';

export interface DatabaseLogOptions {
  readonly url: string;
  /** Connection whose transaction holds the snapshot. */
  readonly sql: postgres.Sql;
  readonly snapshot: string;
  readonly origin: string;
}

/** Tiles fetched at a time. */
const TILES_AHEAD = 64;

interface FetchedTiles {
  readonly tiles: ReadonlyMap<number, Uint8Array>;
  /** Up to this index there is no tile but these. */
  readonly last: number;
}

/** One log in the audit database. */
export class DatabaseLog implements SourceLog {
  readonly origin: string;
  readonly #options: DatabaseLogOptions;
  /** Tiles that were fetched together, by level. */
  readonly #ahead = new Map<number, FetchedTiles>();

  constructor(options: DatabaseLogOptions) {
    this.origin = options.origin;
    this.#options = options;
  }

  get #table(): 'leaf' | 'aggregate_leaf' {
    return isAggregate(this.origin) ? 'aggregate_leaf' : 'leaf';
  }

  /** @throws LogFault where a row says something else than its note. */
  checkpoints(): AsyncGenerator<string> {
    return readNotes(this.#options.sql, this.origin);
  }

  async latest(): Promise<string | undefined> {
    const [row] = await this.#options.sql<{ size: string }[]>`
      select size from checkpoint where origin = ${this.origin} order by size desc limit 1`;
    if (row === undefined) return undefined;
    return (await readNotes(this.#options.sql, this.origin, BigInt(row.size)).next()).value ?? undefined;
  }

  async *leaves(): AsyncGenerator<LeafBatch> {
    let next = 0;
    for await (const rows of this.#copyLeaves()) {
      requireContiguous(rows, next, this.origin);
      yield {
        first: next,
        leaves: rows.map(([, leaf]) => leaf),
        hashes: rows.map(([, , hash]) => hash as Hash),
      };
      next += rows.length;
    }
  }

  /** The database keeps full tiles alone, and may lack one that no round of the signer has come to yet. */
  async tile(level: number, index: number, width: number): Promise<Uint8Array | undefined> {
    if (width < TILE_WIDTH) return undefined;
    const ahead = this.#ahead.get(level);
    if (ahead !== undefined && index <= ahead.last) return ahead.tiles.get(index);
    const rows = await this.#options.sql<{ index: string; hashes: Buffer }[]>`
      select index, hashes from tile
      where origin = ${this.origin} and level = ${level} and index >= ${index}
      order by index limit ${TILES_AHEAD}`;
    const tiles = new Map(rows.map((row) => [Number(row.index), row.hashes]));
    const last = rows.length < TILES_AHEAD ? Number.POSITIVE_INFINITY : Number(rows.at(-1)?.index);
    this.#ahead.set(level, { tiles, last });
    return tiles.get(index);
  }

  /** Tiles beyond the last leaf. Those beyond the newest checkpoint are kept before it is, and were compared. */
  async *surplus(covered: number, uncovered: number): AsyncGenerator<string> {
    const rows = await this.#options.sql<{ level: number; index: string }[]>`
      select level, index from tile
      where origin = ${this.origin} and (index + 1) * power(256::numeric, level + 1) > ${covered + uncovered}
      order by level, index`;
    for (const { level, index } of rows) yield `tile ${index} of level ${level}`;
  }

  /** One leaf and its hash; undefined where there is none. */
  async leaf(
    index: number,
  ): Promise<{ readonly leaf: Uint8Array | undefined; readonly hash: Hash } | undefined> {
    const { sql } = this.#options;
    const [row] = await sql<{ leaf: Buffer | null; leaf_hash: Buffer }[]>`
      select leaf, leaf_hash from ${sql(this.#table)} where origin = ${this.origin} and index = ${index}`;
    return row && { leaf: row.leaf ?? undefined, hash: row.leaf_hash };
  }

  /** Tiles of any width, for proofs. */
  tiles(): TileSource {
    return createPostgresTiles(this.#options.sql, this.origin, this.#table);
  }

  /** A connection of its own, because nothing else fits between two rows of a COPY. It takes no parameters. */
  async *#copyLeaves(): AsyncGenerator<readonly CopyRow[]> {
    const { url, snapshot } = this.#options;
    const sql = openReader(url);
    try {
      await sql`begin isolation level repeatable read read only`;
      await sql.unsafe(`set transaction snapshot '${snapshot}'`);
      // Rows lie in the order of their index; sorting a whole log on disk would take longer than reading it.
      await sql`set local enable_sort = off`;
      const [{ query }] = (await sql`
        select format('copy (select index, leaf, leaf_hash from %I where origin = %L order by index) to stdout (format binary)',
          ${this.#table}::text, ${this.origin}::text) as query`) as unknown as [{ query: string }];
      yield* readCopyRows(gatherChunks(await sql.unsafe(query).readable()));
    } finally {
      await sql.end({ timeout: 0 });
    }
  }
}

/** @throws LogFault INDEX */
function requireContiguous(rows: readonly CopyRow[], next: number, origin: string): void {
  for (const [place, [index]] of rows.entries()) {
    const expected = next + place;
    const found = Number(index?.readBigInt64BE());
    if (found === expected) continue;
    const message = found < expected ? `leaf ${found} stands twice` : `leaf ${expected} is not there`;
    throw new LogFault({ code: 'INDEX', origin, index: Math.min(found, expected), message });
  }
}
