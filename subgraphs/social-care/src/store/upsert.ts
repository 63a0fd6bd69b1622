import type { PendingQuery, Row, Sql } from 'postgres';
import { CARE_TABLES, type CareTable, type CareTableName, columnsOf } from './tables.ts';

/** How many rows were new, how many were corrected; the rest stood there already. */
export interface Upserted {
  readonly inserted: number;
  readonly updated: number;
}

/**
 * Writes rows that carry their `childId`, in batches of 1,000. Rows that say what is stored already are not touched.
 *
 * @param rows No two of them with the same key: PostgreSQL refuses to correct a row twice in one statement.
 */
export async function upsertRows(
  sql: Sql,
  tableName: CareTableName,
  rows: readonly object[],
): Promise<Upserted> {
  const table = CARE_TABLES[tableName];
  let inserted = 0;
  let updated = 0;
  for (let start = 0; start < rows.length; start += 1_000) {
    const batch = rows.slice(start, start + 1_000).map(columnsOf);
    const source = sql`jsonb_populate_recordset(null::${sql(table.name)}, ${sql.json(batch as never)})`;
    const touched = await upsertFrom(sql, table, table.columns, source);
    inserted += touched.inserted;
    updated += touched.updated;
  }
  return { inserted, updated };
}

/**
 * Upserts what `source` yields, a table expression with the columns of `table`.
 *
 * @param columns Those to be set; the others keep what they hold.
 */
export async function upsertFrom(
  sql: Sql,
  table: CareTable,
  columns: readonly string[],
  source: PendingQuery<Row[]>,
): Promise<Upserted> {
  const written = [...table.key, ...columns];
  // Empty where the source only says that the row is there.
  const correction =
    columns.length === 0
      ? sql`do nothing`
      : sql`do update set ${columns.map(
          (column, place) => sql`${place === 0 ? sql`` : sql`, `}${sql(column)} = excluded.${sql(column)}`,
        )} where (${sql(columns.map((column) => `stored.${column}`))})
             is distinct from (${sql(columns.map((column) => `excluded.${column}`))})`;
  const [counts] = await sql<{ inserted: number; updated: number }[]>`
    with touched as (
      insert into ${sql(table.name)} as stored (${sql(written)})
      select ${sql(written)} from ${source} as incoming
      on conflict (${sql([...table.key])}) ${correction}
      returning (xmax = 0) as is_new
    )
    select count(*) filter (where is_new)::int as inserted, count(*) filter (where not is_new)::int as updated
    from touched`;
  return counts ?? { inserted: 0, updated: 0 };
}
