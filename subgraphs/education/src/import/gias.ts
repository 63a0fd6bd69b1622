import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type ImportRemark,
  type ImportReport,
  MalformedFileError,
} from '@contactpoint/subgraph-kit/import-report';
import type { Store } from '@contactpoint/subgraph-kit/store';
import type { JSONValue, TransactionSql } from 'postgres';
import type { SchoolRecord } from '../record.ts';
import { type GiasRow, readGiasFile } from './gias-file.ts';
import { type GiasColumn, readGiasRow } from './gias-row.ts';

export interface ImportOptions {
  /** Bytes read so far, of all. */
  readonly onProgress?: (read: number, total: number) => void;
}

/** Rows in one insert. */
const BATCH_SIZE = 1000;

/**
 * Imports the register of schools, Get Information about Schools. All rows are read and checked into a staging table
 * before the first school changes, and all of them change in one transaction: a second run finds everything
 * unchanged. Schools that the file does not name stay as they are.
 *
 * Of rows with the same number the first is taken and the others are quarantined, DUPLICATE_URN.
 *
 * @throws MalformedFileError naming line and field where the file is no such register; nothing is stored then.
 */
export async function importGias(
  store: Store,
  file: string,
  { onProgress }: ImportOptions = {},
): Promise<ImportReport> {
  const { size } = await stat(file);
  return await store.begin(async (transaction) => {
    await transaction`
      create temporary table staged_school (
        urn text primary key, name text not null, town text, postcode text, opened_on date
      ) on commit drop`;

    const report = new ReportUnderway(basename(file));
    let batch: SchoolRecord[] = [];
    for await (const row of readGiasFile(file)) {
      const school = report.take(row);
      if (school) batch.push(school);
      if (batch.length < BATCH_SIZE) continue;
      await stage(transaction, batch);
      batch = [];
      onProgress?.(row.bytes, size);
    }
    await stage(transaction, batch);
    if (report.rows === 0) throw new MalformedFileError({ file: basename(file), line: 1 }, 'holds no rows');
    const result = report.finished(await upsertStaged(transaction));
    onProgress?.(size, size);
    return result;
  });
}

async function stage(sql: TransactionSql, schools: readonly SchoolRecord[]): Promise<void> {
  if (schools.length === 0) return;
  await sql`
    insert into staged_school (urn, name, town, postcode, opened_on)
    select urn, name, town, postcode, "openedOn"
    from jsonb_to_recordset(${sql.json(schools as unknown as JSONValue)})
      as row(urn text, name text, town text, postcode text, "openedOn" date)`;
}

interface Stored {
  readonly accepted: number;
  readonly updated: number;
}

async function upsertStaged(sql: TransactionSql): Promise<Stored> {
  // `xmax` is 0 only in a row that this statement inserted.
  const [stored] = await sql<[Stored]>`
    with stored as (
      insert into school (urn, name, town, postcode, opened_on)
      select urn, name, town, postcode, opened_on from staged_school order by urn
      on conflict (urn) do update
        set name = excluded.name, town = excluded.town, postcode = excluded.postcode, opened_on = excluded.opened_on
        where (school.name, school.town, school.postcode, school.opened_on)
          is distinct from (excluded.name, excluded.town, excluded.postcode, excluded.opened_on)
      returning xmax = 0 as inserted
    )
    select count(*) filter (where inserted)::integer as accepted,
      count(*) filter (where not inserted)::integer as updated
    from stored`;
  return stored;
}

/** Counts rows while they are read. */
class ReportUnderway {
  readonly #file: string;
  readonly #urns = new Set<string>();
  readonly #dropped: ImportRemark[] = [];
  readonly #quarantined: ImportRemark[] = [];
  rows = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** The school of a row, unless the row is quarantined. */
  take({ cells, line }: GiasRow): SchoolRecord | undefined {
    this.rows += 1;
    const remark = ({ reason, field }: { reason: string; field: GiasColumn }): ImportRemark => ({
      file: this.#file,
      line,
      field,
      reason,
    });
    const read = readGiasRow(cells);
    if (!read.taken) {
      this.#quarantined.push(remark(read.remark));
      return undefined;
    }
    const { school, dropped } = read;
    if (this.#urns.has(school.urn)) {
      this.#quarantined.push(remark({ reason: 'DUPLICATE_URN', field: 'urn' }));
      return undefined;
    }
    this.#urns.add(school.urn);
    this.#dropped.push(...dropped.map(remark));
    return school;
  }

  finished({ accepted, updated }: Stored): ImportReport {
    return {
      source: 'gias',
      rows: this.rows,
      accepted,
      updated,
      unchanged: this.#urns.size - accepted - updated,
      dropped: this.#dropped,
      quarantined: this.#quarantined,
    };
  }
}
