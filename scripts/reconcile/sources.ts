import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { readRunFile } from '../system/run-file.ts';
import type { Journal } from './journal-entry.ts';
import { journalInFile } from './journal-file.ts';
import { journalInDatabase } from './read-journal.ts';
import { ReconcileError } from './reconcile-error.ts';

export interface SourceChoice {
  /** Folder of the system. */
  readonly data: string;
  /** JSON file of database URLs by subgraph, in place of those that the system left in its folder. */
  readonly databases?: string;
  /** This subgraph's journal only. */
  readonly subgraph?: string;
  /** File with its journal. */
  readonly journal?: string;
  readonly since?: Date;
}

const Databases = v.record(v.string(), v.string());

/** URLs by subgraph. @throws ReconcileError when nothing says where the databases are. */
export function databasesOf({ data, databases }: Pick<SourceChoice, 'data' | 'databases'>) {
  const file = databases ?? join(data, 'run.json');
  try {
    if (databases !== undefined) return v.parse(Databases, JSON.parse(readFileSync(databases, 'utf8')));
    const run = readRunFile(data);
    if (run !== undefined) return run.databases;
  } catch (cause) {
    throw new ReconcileError(`${file} does not name databases by subgraph`, { cause });
  }
  throw new ReconcileError(`${file} is not there: start the system first, or give --databases`);
}

/** The journals to read. @throws ReconcileError when a subgraph's is nowhere. */
export function journalsOf(choice: SourceChoice): readonly Journal[] {
  const { subgraph, journal, since } = choice;
  if (subgraph !== undefined && journal !== undefined) return [journalInFile(subgraph, journal, since)];
  const databases = databasesOf(choice);
  const names = subgraph === undefined ? Object.keys(databases) : [subgraph];
  return names.map((name) => {
    const url = databases[name];
    if (url === undefined)
      throw new ReconcileError(`No database of ${name} is known: give its journal as a file, --journal`);
    return journalInDatabase(name, url, since);
  });
}

/** Database of the directory, or of oversight, where it is known. */
export function databaseUrlOf(subgraph: 'directory' | 'oversight', choice: SourceChoice): string | undefined {
  try {
    return databasesOf(choice)[subgraph];
  } catch (cause) {
    if (cause instanceof ReconcileError) return undefined;
    throw cause;
  }
}
