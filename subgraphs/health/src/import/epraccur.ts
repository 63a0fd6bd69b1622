import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import {
  type ImportRemark,
  type ImportReport,
  MalformedFileError,
} from '@contactpoint/subgraph-kit/import-report';
import type { Store } from '@contactpoint/subgraph-kit/store';
import { CsvError, type Info, parse } from 'csv-parse';
import type { JSONValue, TransactionSql } from 'postgres';
import type { PracticeRecord } from '../record.ts';
import { EPRACCUR_COLUMNS, type RowRemark, readEpraccurRow } from './epraccur-row.ts';

export interface ImportOptions {
  /** Bytes read, of how many. */
  readonly onProgress?: (done: number, total?: number) => void;
}

/** Rows in one insert. */
const BATCH_SIZE = 1000;

/**
 * Imports the NHS Organisation Data Service's list of practices, `epraccur.csv`. All rows are read and checked into a
 * staging table before the first practice changes, and all of them change in one transaction: a second run finds
 * everything unchanged.
 *
 * Of rows with the same code the first is taken and the others are quarantined, DUPLICATE_CODE.
 *
 * @throws MalformedFileError naming line and field where the file is no such list; nothing is stored then.
 */
export async function importEpraccur(
  store: Store,
  file: string,
  { onProgress }: ImportOptions = {},
): Promise<ImportReport> {
  const { size } = await stat(file);
  return await store.begin(async (transaction) => {
    await transaction`
      create temporary table staged_practice (
        ods_code text primary key, name text not null, town text, postcode text
      ) on commit drop`;

    const report = new ReportUnderway(basename(file));
    let batch: PracticeRecord[] = [];
    for await (const { record, info } of rowsOf(file)) {
      const practice = report.take(record, info.lines);
      if (practice) batch.push(practice);
      if (batch.length < BATCH_SIZE) continue;
      await stage(transaction, batch);
      batch = [];
      onProgress?.(info.bytes, size);
    }
    await stage(transaction, batch);
    if (report.rows === 0) throw new MalformedFileError({ file: basename(file), line: 1 }, 'holds no rows');
    const result = report.finished(await upsertStaged(transaction));
    onProgress?.(size, size);
    return result;
  });
}

interface Row {
  readonly record: readonly string[];
  readonly info: Info & { readonly bytes: number };
}

/** Rows as they stand, each of the right length. */
async function* rowsOf(file: string): AsyncGenerator<Row> {
  // Without a limit a quote left open would take the rest of the file for one field.
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: 100_000,
  });
  // An error reading the file reaches whoever reads the parser.
  pipeline(createReadStream(file), parser, () => undefined);
  const name = basename(file);
  try {
    for await (const row of parser as AsyncIterable<Row>) {
      const { length } = row.record;
      if (length !== EPRACCUR_COLUMNS.length) {
        const field = EPRACCUR_COLUMNS[Math.min(length, EPRACCUR_COLUMNS.length - 1)] as string;
        const problem = `has ${length} columns instead of ${EPRACCUR_COLUMNS.length}`;
        throw new MalformedFileError({ file: name, line: row.info.lines, field }, problem);
      }
      yield row;
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const { lines = 1, column = 0 } = cause as CsvError & { lines?: number; column?: number | string };
    const field = typeof column === 'number' ? EPRACCUR_COLUMNS[column] : column;
    // The parser's message quotes the field.
    throw new MalformedFileError({ file: name, line: lines, ...(field && { field }) }, problemOf(cause.code));
  }
}

function problemOf(code: CsvError['code']): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'a quoted field is not closed';
  if (code === 'CSV_INVALID_CLOSING_QUOTE') return 'text follows a closing quote';
  if (code === 'CSV_MAX_RECORD_SIZE') return 'a row is longer than 100 kB, as after a quote left open';
  if (code === 'INVALID_OPENING_QUOTE') return 'a quote stands within an unquoted field';
  return 'is not CSV';
}

async function stage(sql: TransactionSql, practices: readonly PracticeRecord[]): Promise<void> {
  if (practices.length === 0) return;
  await sql`
    insert into staged_practice (ods_code, name, town, postcode)
    select "odsCode", name, town, postcode
    from jsonb_to_recordset(${sql.json(practices as unknown as JSONValue)})
      as row("odsCode" text, name text, town text, postcode text)`;
}

interface Stored {
  readonly accepted: number;
  readonly updated: number;
}

async function upsertStaged(sql: TransactionSql): Promise<Stored> {
  // `xmax` is 0 only in a row that this statement inserted.
  const [stored] = await sql<[Stored]>`
    with stored as (
      insert into practice (ods_code, name, town, postcode)
      select ods_code, name, town, postcode from staged_practice order by ods_code
      on conflict (ods_code) do update
        set name = excluded.name, town = excluded.town, postcode = excluded.postcode
        where (practice.name, practice.town, practice.postcode)
          is distinct from (excluded.name, excluded.town, excluded.postcode)
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
  readonly #codes = new Set<string>();
  readonly #dropped: ImportRemark[] = [];
  readonly #quarantined: ImportRemark[] = [];
  rows = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** The practice of a row, unless the row is quarantined. */
  take(fields: readonly string[], line: number): PracticeRecord | undefined {
    this.rows += 1;
    const remark = ({ reason, field }: RowRemark): ImportRemark => ({
      file: this.#file,
      line,
      field,
      reason,
    });
    const read = readEpraccurRow(fields);
    if (!read.taken) {
      this.#quarantined.push(remark(read.remark));
      return undefined;
    }
    const { practice, dropped } = read;
    if (this.#codes.has(practice.odsCode)) {
      this.#quarantined.push(remark({ reason: 'DUPLICATE_CODE', field: 'Organisation Code' }));
      return undefined;
    }
    this.#codes.add(practice.odsCode);
    this.#dropped.push(...dropped.map(remark));
    return practice;
  }

  finished({ accepted, updated }: Stored): ImportReport {
    return {
      source: 'epraccur',
      rows: this.rows,
      accepted,
      updated,
      unchanged: this.#codes.size - accepted - updated,
      dropped: this.#dropped,
      quarantined: this.#quarantined,
    };
  }
}
