import type { PendingQuery, Row, Sql } from 'postgres';
import { CARE_TABLES, type CareTable, type CareTableName, columnsOf } from './tables.ts';

/** A row that was written; one that stood there already is not among them. */
export interface Touched {
  readonly childId: string;
  /** False for a correction. */
  readonly isNew: boolean;
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
): Promise<Touched[]> {
  const table = CARE_TABLES[tableName];
  const touched: Touched[] = [];
  for (let start = 0; start < rows.length; start += 1_000) {
    const batch = rows.slice(start, start + 1_000).map(columnsOf);
    const source = sql`jsonb_populate_recordset(null::${sql(table.name)}, ${sql.json(batch as never)})`;
    touched.push(...(await upsertFrom(sql, table, table.columns, source)));
  }
  return touched;
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
): Promise<Touched[]> {
  const written = [...table.key, ...columns];
  // Without columns the source only says that the row is there.
  const correction =
    columns.length === 0
      ? sql`do nothing`
      : sql`do update set ${columns.map(
          (column, place) => sql`${place === 0 ? sql`` : sql`, `}${sql(column)} = excluded.${sql(column)}`,
        )} where (${sql(columns.map((column) => `stored.${column}`))})
             is distinct from (${sql(columns.map((column) => `excluded.${column}`))})`;
  return await sql<Touched[]>`
    insert into ${sql(table.name)} as stored (${sql(written)})
    select ${sql(written)} from ${source} as incoming
    on conflict (${sql([...table.key])}) ${correction}
    returning stored.child_id as "childId", (xmax = 0) as "isNew"`;
}
