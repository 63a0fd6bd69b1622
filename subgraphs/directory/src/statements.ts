import type postgres from 'postgres';

/** What runs statements: the store itself or a transaction that the caller has begun. */
export type Statements = postgres.ISql<Record<never, never>>;

/** Rows as one JSON parameter for `jsonb_to_recordset`: one statement however many there are. */
export function asJson(sql: Statements, rows: readonly object[]): postgres.Parameter {
  return sql.json(rows as unknown as postgres.JSONValue);
}

/** Rows a statement takes at once: enough to make round trips rare, and the parameter stays below a few megabytes. */
const CHUNK = 1_000;

export function* chunksOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += CHUNK) yield items.slice(start, start + CHUNK);
}
