import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { type FilePlace, MalformedFileError } from '@contactpoint/subgraph-kit/import-report';
import { CsvError, type Info, parse } from 'csv-parse';
import { GIAS_COLUMNS, type GiasCells } from './gias-row.ts';

/** One row and where it stands. */
export interface GiasRow {
  readonly cells: GiasCells;
  /** Line of the file on which the row ends, from 1. */
  readonly line: number;
  /** Read so far. */
  readonly bytes: number;
}

/** Longest row, in bytes: past a quote that is not closed the rest of the file is one. */
const MAX_ROW = 100_000;

/**
 * Reads the register's rows one after another, each of the length of the header.
 *
 * @throws MalformedFileError naming line and field, where the file is no CSV or lacks a column; the file system's
 *   error where it cannot be read.
 */
export async function* readGiasFile(file: string): AsyncGenerator<GiasRow> {
  const name = basename(file);
  let columns: readonly string[] | undefined;
  const parser = parse({
    // Seen before the rows: an error in the first piece of the file leaves none of them to be read.
    on_record(row: string[]) {
      // With `info` a record is more than its declared type.
      const { record } = row as unknown as ParsedRow;
      columns ??= record.map((column) => column.trim().toLowerCase());
      return row;
    },
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW,
  });
  // An error reading the file reaches whoever reads the parser.
  pipeline(createReadStream(file), parser, () => undefined);

  let header: readonly string[] | undefined;
  try {
    for await (const row of parser as AsyncIterable<ParsedRow>) {
      const line = row.info.lines;
      if (header === undefined) {
        header = checkedHeader({ file: name, line }, columns ?? []);
        continue;
      }
      const { length } = row.record;
      if (length !== header.length) {
        const field = header[Math.min(length, header.length - 1)] as string;
        const problem = `has ${length} fields instead of ${header.length}`;
        throw new MalformedFileError({ file: name, line, field }, problem);
      }
      yield { cells: cellsOf(header, row.record), line, bytes: row.info.bytes };
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const { lines: line = 1, column } = cause as CsvError & { lines?: number; column?: number | string };
    const field = typeof column === 'number' ? columns?.[column] : column;
    // The parser's own message quotes the field.
    throw new MalformedFileError({ file: name, line, ...(field && { field }) }, problemOf(cause.code));
  }
  if (header === undefined)
    throw new MalformedFileError({ file: name, line: 1, field: 'urn' }, 'has no header');
}

interface ParsedRow {
  readonly record: readonly string[];
  readonly info: Info & { readonly bytes: number };
}

function checkedHeader(place: FilePlace, header: readonly string[]): readonly string[] {
  for (const field of GIAS_COLUMNS) {
    const found = header.filter((column) => column === field).length;
    if (found === 1) continue;
    const problem = found === 0 ? 'the header lacks the column' : 'the header has the column twice';
    throw new MalformedFileError({ ...place, field }, problem);
  }
  return header;
}

function cellsOf(header: readonly string[], record: readonly string[]): GiasCells {
  return Object.fromEntries(
    GIAS_COLUMNS.map((column) => [column, record[header.indexOf(column)] ?? '']),
  ) as GiasCells;
}

function problemOf(code: CsvError['code']): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'a quoted field is not closed';
  if (code === 'CSV_INVALID_CLOSING_QUOTE') return 'text follows a closing quote';
  if (code === 'INVALID_OPENING_QUOTE') return 'a quote stands within an unquoted field';
  if (code === 'CSV_MAX_RECORD_SIZE') return 'the row does not end';
  return 'is not CSV';
}
