import type { FilePlace } from '@contactpoint/subgraph-kit/import-report';
import type { Store } from '@contactpoint/subgraph-kit/store';
import type { ReservedSql } from 'postgres';
import { CARE_TABLES, type CareTableName, columnsOf } from '../store/tables.ts';
import { type Touched, upsertFrom } from '../store/upsert.ts';
import type { IncomingIdentity } from './registration.ts';

/** Rows that a return brings of one kind, and where they go. */
export interface StagedKind {
  /** As the report calls it: `episodes`. */
  readonly name: string;
  /** Null for rows that are checked and of which the record keeps nothing. */
  readonly table: CareTableName | null;
  /** Columns that the return tells; the rest keeps what it holds. Empty when only the row itself is told. */
  readonly columns: readonly string[];
}

export interface StagedChild {
  readonly identity: IncomingIdentity;
  readonly place: FilePlace;
  /** Of `care_child`, in camel case. */
  readonly columns: object;
}

const BATCH = 500;

/**
 * Checked rows of one return, kept outside the record in temporary tables until all have been read. They vanish with
 * the connection, however the import ends.
 */
export class Staging implements AsyncDisposable {
  readonly #sql: ReservedSql;
  #children: object[] = [];
  #rows: object[] = [];

  private constructor(sql: ReservedSql) {
    this.#sql = sql;
  }

  static async open(store: Store): Promise<Staging> {
    const sql = await store.reserve();
    await sql`
      create temporary table staged_child (
        ref text primary key, file text, line int, identity jsonb, body jsonb, child_id text
      )`;
    await sql`create temporary table staged_row (kind text, ref text, file text, line int, body jsonb)`;
    return new Staging(sql);
  }

  async child({ identity, place, columns }: StagedChild): Promise<void> {
    const { file, line } = place;
    this.#children.push({ ref: identity.ref, file, line, identity, body: columnsOf(columns) });
    if (this.#children.length >= BATCH) await this.#flush();
  }

  /**
   * @param ref The `ref` of the child's identity, staged before or after.
   * @param row In camel case; null for a row that repeats another one and is only counted.
   */
  async row(kind: StagedKind, ref: string, { file, line }: FilePlace, row: object | null): Promise<void> {
    this.#rows.push({ kind: kind.name, ref, file, line, body: row === null ? null : columnsOf(row) });
    if (this.#rows.length >= BATCH) await this.#flush();
  }

  async identities(): Promise<(IncomingIdentity & { readonly place: FilePlace })[]> {
    await this.#flush();
    const children = await this.#sql<{ identity: IncomingIdentity; file: string; line: number }[]>`
      select identity, file, line from staged_child order by file, line, ref`;
    return children.map(({ identity, file, line }) => ({ ...identity, place: { file, line } }));
  }

  /** How many rows of a kind wait. */
  async count(kind: string): Promise<number> {
    await this.#flush();
    const [waiting] = await this.#sql<
      { n: number }[]
    >`select count(*)::int as n from staged_row where kind = ${kind}`;
    return waiting?.n ?? 0;
  }

  /** Removes rows whose child is not among `childIds`, and says where they stood. */
  async resolve(childIds: ReadonlyMap<string, string>): Promise<{ kind: string; place: FilePlace }[]> {
    await this.#flush();
    const resolved = [...childIds].map(([ref, child_id]) => ({ ref, child_id }));
    await this.#sql`
      update staged_child set child_id = resolved.child_id
      from jsonb_to_recordset(${this.#sql.json(resolved)}) as resolved (ref text, child_id text)
      where staged_child.ref = resolved.ref`;
    await this.#sql`delete from staged_child where child_id is null`;
    const orphans = await this.#sql<{ kind: string; file: string; line: number }[]>`
      with orphan as (
        delete from staged_row where not exists (select from staged_child where staged_child.ref = staged_row.ref)
        returning kind, file, line
      )
      select * from orphan order by file, line, kind`;
    return orphans.map(({ kind, file, line }) => ({ kind, place: { file, line } }));
  }

  /** Children among the resolved whom social care knew before. */
  async knownChildren(): Promise<Set<string>> {
    const known = await this.#sql<{ childId: string }[]>`
      select child_id as "childId" from staged_child join care_child using (child_id)`;
    return new Set(known.map(({ childId }) => childId));
  }

  /** Runs `work` in one transaction; imports into the same database take turns. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.#sql`begin`;
    try {
      await this.#sql`select pg_advisory_xact_lock(hashtext('contactpoint.social-care.import'))`;
      const result = await work();
      await this.#sql`commit`;
      return result;
    } catch (cause) {
      // The connection may be what failed; the first error is the one to tell.
      await this.#sql`rollback`.catch(() => undefined);
      throw cause;
    }
  }

  async storeChildren(columns: readonly string[]): Promise<Touched[]> {
    const table = CARE_TABLES.careChild;
    const source = this.#sql`(
      select told.* from staged_child, lateral jsonb_populate_record(
        null::care_child, staged_child.body || jsonb_build_object('child_id', staged_child.child_id)) as told)`;
    return await upsertFrom(this.#sql, table, columns, source);
  }

  async storeRows(kind: StagedKind): Promise<Touched[]> {
    if (kind.table === null) return [];
    const table = CARE_TABLES[kind.table];
    const source = this.#sql`(
      select told.* from staged_row join staged_child using (ref), lateral jsonb_populate_record(
        null::${this.#sql(table.name)},
        staged_row.body || jsonb_build_object('child_id', staged_child.child_id)) as told
      where staged_row.kind = ${kind.name} and staged_row.body is not null)`;
    if (kind.table !== 'careChild') return await upsertFrom(this.#sql, table, kind.columns, source);
    // The child's own row is there already: what is told of it is new where nothing was told before.
    const untold = await this.#childrenWithout(kind.columns);
    const touched = await upsertFrom(this.#sql, table, kind.columns, source);
    return touched.map(({ childId }) => ({ childId, isNew: untold.has(childId) }));
  }

  async #childrenWithout(columns: readonly string[]): Promise<Set<string>> {
    const children = await this.#sql<{ childId: string }[]>`
      select child_id as "childId" from care_child join staged_child using (child_id)
      where num_nonnulls(${this.#sql(columns.map((column) => `care_child.${column}`))}) = 0`;
    return new Set(children.map(({ childId }) => childId));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sql`drop table if exists staged_row, staged_child`.catch(() => undefined);
    this.#sql.release();
  }

  async #flush(): Promise<void> {
    if (this.#children.length > 0) {
      await this.#sql`
        insert into staged_child (ref, file, line, identity, body)
        select ref, file, line, identity, body
        from jsonb_populate_recordset(null::staged_child, ${this.#sql.json(this.#children as never)})`;
      this.#children = [];
    }
    if (this.#rows.length > 0) {
      await this.#sql`
        insert into staged_row
        select * from jsonb_populate_recordset(null::staged_row, ${this.#sql.json(this.#rows as never)})`;
      this.#rows = [];
    }
  }
}
