import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import type { TestSystem } from '../running-system.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/import.ts', import.meta.url));

export interface ImportRun {
  readonly code: number | null;
  readonly output: string;
  /** What `--report` wrote; undefined where nothing was. */
  readonly report: Report | undefined;
}

interface Report {
  readonly source: string;
  readonly rows: number;
  readonly accepted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly dropped: readonly { readonly reason: string }[];
  readonly quarantined: readonly { readonly reason: string }[];
  /** Figures by kind of row. */
  readonly kinds?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Who has a database of its own. */
export type Agency = keyof TestSystem['databases'];

/** `npm run import` on a running system, and files for it. */
export class ImportDesk {
  readonly #system: TestSystem;
  readonly #folder = mkdtempSync(join(tmpdir(), 'contactpoint-import-'));
  #written = 0;

  constructor(system: TestSystem) {
    this.#system = system;
  }

  file(text: string): string {
    const path = join(this.#folder, `${++this.#written}.txt`);
    writeFileSync(path, text);
    return path;
  }

  async run(...words: readonly string[]): Promise<ImportRun> {
    const reportFile = join(this.#folder, `report-${++this.#written}.json`);
    const child = this.begin(...words, '--report', reportFile);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    const code = await new Promise<number | null>((settle) => child.once('close', settle));
    return { code, output, report: readReport(reportFile) };
  }

  /** The command under way. */
  begin(...words: readonly string[]): ChildProcess {
    const { PATH = '', HOME = '' } = process.env;
    return spawn(process.execPath, [SCRIPT, ...words], {
      env: { PATH, HOME, CONTACTPOINT_DATA: this.#system.data },
    });
  }

  /** A digest of everything that an agency's database holds but its journal, by table. */
  async contents(...agencies: readonly Agency[]): Promise<Record<string, string>> {
    const digests: Record<string, string> = {};
    for (const agency of agencies) {
      const sql = postgres(this.#system.databases[agency], { max: 1 });
      const tables = await sql<{ name: string }[]>`
        select tablename as name from pg_tables where schemaname = 'public'
          and tablename not in ('access_journal', 'used_grant', 'migration')`;
      for (const { name } of tables) {
        const [row] = await sql<{ digest: string }[]>`
          select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest
          from ${sql(name)} t`;
        digests[`${agency}.${name}`] = row?.digest ?? '';
      }
      await sql.end();
    }
    return digests;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function readReport(file: string): ImportRun['report'] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ImportRun['report'];
  } catch {
    return undefined;
  }
}
