import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { MalformedFileError } from '@contactpoint/subgraph-kit/import-report';
import { CsvError, parse } from 'csv-parse';
import { readUtf8 } from '../read-utf8.ts';
import { SSDA903_FILES, type Ssda903FileName } from './tables.ts';

/** One line of a file of the set, fields by the name of their column. */
export interface CsvRow {
  readonly line: number;
  readonly field: (column: string) => string | undefined;
}

/** A record as csv-parse gives it with `info`. */
interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Which file of the set this is, by its columns: the names of the files are every authority's own. */
export async function recogniseSsda903(file: string): Promise<Ssda903FileName> {
  for await (const { record, info } of records(file, () => undefined)) {
    return recognise(basename(file), info.lines, record);
  }
  throw new MalformedFileError({ file: basename(file), line: 1 }, 'empty');
}

/**
 * Rows of a file of the set, one after the other.
 *
 * @param onRead Called with the bytes of each piece read.
 * @throws MalformedFileError with the line, and the field where one is missing or left over.
 */
export async function* readSsda903(file: string, onRead: (bytes: number) => void): AsyncGenerator<CsvRow> {
  let columns: Map<string, number> | undefined;
  let names: readonly string[] = [];
  for await (const { record, info } of records(file, onRead)) {
    if (columns === undefined) {
      names = record.map((name) => name.trim());
      recognise(basename(file), info.lines, record);
      columns = new Map(names.map((name, place) => [name, place]));
      continue;
    }
    if (record.length !== names.length) throw unevenRow(basename(file), info.lines, names, record.length);
    const places = columns;
    yield {
      line: info.lines,
      field: (column) => record[places.get(column) ?? -1],
    };
  }
}

async function* records(file: string, onRead: (bytes: number) => void): AsyncGenerator<ParsedRecord> {
  const text = Readable.from(readUtf8(file, onRead));
  const parser = parse({
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // Far above any line of the collection: a quote that is never closed must not swallow the file into memory.
    max_record_size: 65_536,
  });
  text.once('error', (error) => parser.destroy(error));
  text.pipe(parser);
  let columns: readonly string[] | undefined;
  let line = 0;
  try {
    for await (const row of parser as AsyncIterable<ParsedRecord>) {
      columns ??= row.record;
      line = row.info.lines;
      yield row;
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const { column } = cause as CsvError & { column?: number | string };
    const field = typeof column === 'number' ? columns?.[column] : undefined;
    // Where the row begins: csv-parse names the line on which it gave up, which may be the end of the file.
    const place = { file: basename(file), line: line + 1, ...(field === undefined ? {} : { field }) };
    throw new MalformedFileError(place, PROBLEMS[cause.code] ?? 'not CSV', { cause });
  } finally {
    text.destroy();
  }
}

/** csv-parse's messages quote the file, ours must not. */
const PROBLEMS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is not closed',
  CSV_MAX_RECORD_SIZE: 'a line is too long',
  CSV_INVALID_CLOSING_QUOTE: 'text after a closing quote',
  INVALID_OPENING_QUOTE: 'a quote within an unquoted field',
};

function recognise(file: string, line: number, record: readonly string[]): Ssda903FileName {
  const names = new Set(record.map((name) => name.trim()));
  let best: { name: Ssda903FileName; own: number; missing: string | undefined } | undefined;
  for (const [name, { columns }] of Object.entries(SSDA903_FILES) as [
    Ssda903FileName,
    { columns: readonly string[] },
  ][]) {
    const own = columns.filter((column) => !SHARED_COLUMNS.has(column) && names.has(column)).length;
    const missing = columns.find((column) => !names.has(column));
    if (own > (best?.own ?? 0)) best = { name, own, missing };
  }
  if (best === undefined)
    throw new MalformedFileError({ file, line }, 'its columns are of no file of SSDA903');
  if (best.missing !== undefined) {
    throw new MalformedFileError({ file, line, field: best.missing }, `the column is missing (${best.name})`);
  }
  return best.name;
}

/** In more than one file of the set. */
const SHARED_COLUMNS: ReadonlySet<string> = new Set(['CHILD', 'SEX', 'DOB']);

function unevenRow(file: string, line: number, names: readonly string[], length: number): MalformedFileError {
  const missing = names[length];
  return missing === undefined
    ? new MalformedFileError({ file, line, field: String(names.length + 1) }, 'more fields than columns')
    : new MalformedFileError({ file, line, field: missing }, 'the line ends before the field');
}
