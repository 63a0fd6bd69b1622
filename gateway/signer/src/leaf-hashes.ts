import { bootTimeOf } from '@contactpoint/audit-log/origin';
import type postgres from 'postgres';
import { HASH_BYTES } from './right-edge.ts';
import type { LeafTable, SignerSession, Sql } from './signer-session.ts';

/** Most leaves that are read at once, half a megabyte of hashes. */
export const READ_AT_ONCE = 16_384;

/**
 * How much of the table is looked at. Leaves stand in a partition for each day. `recent` keeps to those of these days; a
 * server's clock that has gone astray puts leaves elsewhere, where only `all` finds them: every day since a log's boot,
 * before which it dates no leaf (gateway/audit-log/migrations/0004-appending-by-functions.sql).
 */
export type Reach = 'recent' | 'all';

/** Milliseconds that count as recent, and as just before a boot: more than any clock that is kept at all is wrong. */
const DAY = 86_400_000;

export interface LeafRange {
  readonly origin: string;
  readonly table: LeafTable;
  readonly from: bigint;
}

/** What stands after the last leaf that was read. */
export interface LogEnd {
  /** Leaves from `from` to the last one, whether or not there is a gap between; 0 where there is nothing. */
  readonly waiting: bigint;
  /** Whether the leaf before `from` is there; not looked at with `recent`. */
  readonly isWhole: boolean;
}

/** Reads what a signer may know of leaves: where they stand, and their hashes. */
export class LeafHashes {
  readonly #session: SignerSession;
  readonly #clock: () => Date;

  constructor(session: SignerSession, clock: () => Date) {
    this.#session = session;
    this.#clock = clock;
  }

  /**
   * Looks at the ends of logs of one table, all in one question: with `all` its plan costs more than its answer.
   *
   * @returns By origin.
   */
  async ends(logs: readonly LeafRange[], reach: Reach): Promise<ReadonlyMap<string, LogEnd>> {
    const [first] = logs;
    if (first === undefined) return new Map();
    const { table } = first;
    const origins = logs.map(({ origin }) => origin);
    const froms = logs.map(({ from }) => from.toString());
    const since = this.#since(origins, reach);
    const ends = await this.#session.read(
      (sql) => sql<{ origin: string; waiting: bigint; isWhole: boolean }[]>`
        select log.origin,
          coalesce((
            select max(index) + 1 - log.start from ${sql(table)} as leaf
            where leaf.origin = log.origin and index >= log.start ${within(sql, table, since)}
          ), 0) as waiting,
          ${
            reach === 'recent'
              ? sql`true`
              : sql`log.start = 0 or exists (
                  select from ${sql(table)} as leaf
                  where leaf.origin = log.origin and index = log.start - 1 ${within(sql, table, since)}
                )`
          } as "isWhole"
        from unnest(${origins}::text[], ${froms}::bigint[]) as log (origin, start)`,
    );
    return new Map(ends.map(({ origin, waiting, isWhole }) => [origin, { waiting, isWhole }]));
  }

  /**
   * Hashes of the leaves from `from`, at most `READ_AT_ONCE`, one after the other.
   *
   * @returns undefined when an index is missing between them, or there twice.
   */
  async read({ origin, table, from }: LeafRange, reach: Reach): Promise<Uint8Array | undefined> {
    const since = this.#since([origin], reach);
    const [batch] = await this.#session.read(
      (sql) => sql<{ hashes: Buffer | null; contiguous: boolean | null }[]>`
        select string_agg(leaf_hash, ''::bytea order by index) as hashes, bool_and(index = expected) as contiguous
        from (
          select index, leaf_hash, ${from}::bigint + row_number() over (order by index) - 1 as expected
          from ${sql(table)}
          where origin = ${origin} and index >= ${from}
            ${within(sql, table, since)}
          order by index limit ${READ_AT_ONCE}
        ) as leaf`,
    );
    if (batch?.contiguous === false) return undefined;
    return batch?.hashes ?? new Uint8Array();
  }

  /** @returns undefined for ever. */
  #since(origins: readonly string[], reach: Reach): Date | undefined {
    if (reach === 'recent') return new Date(this.#clock().getTime() - DAY);
    const boots = origins.map((origin) => bootTimeOf(origin)?.getTime() ?? Number.NaN);
    const first = Math.min(...boots);
    return Number.isNaN(first) ? undefined : new Date(first - DAY);
  }
}

/** The time stands in the statement's parameters alone, so that it is planned for the days there are since then. */
function within(sql: Sql, table: LeafTable, since: Date | undefined): postgres.PendingQuery<postgres.Row[]> {
  if (table === 'aggregate_leaf' || since === undefined) return sql``;
  return sql`and at >= ${since.toISOString()}::timestamptz`;
}

/** How many hashes stand in it. */
export function countHashes(hashes: Uint8Array): bigint {
  return BigInt(hashes.byteLength / HASH_BYTES);
}
