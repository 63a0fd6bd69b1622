import { type ChildProcess, execFile, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import { makeSample } from '@contactpoint/audit-verifier/testing/sample-deployment';
import { writeExport } from '@contactpoint/audit-verifier/write-export';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const AUDIT = fileURLToPath(new URL('../audit.ts', import.meta.url));
const RECONCILE = fileURLToPath(new URL('../reconcile.ts', import.meta.url));
const IMPORT = fileURLToPath(new URL('../import.ts', import.meta.url));
const VERIFIER = fileURLToPath(new URL('../../gateway/audit-verifier/src/main.ts', import.meta.url));
const SECRET = 'its-password';
const AWAY = `postgres://somebody:${SECRET}@127.0.0.1:1/away`;
/** Milliseconds: a dozen of processes at a time, on a machine that is busy. */
const PATIENT = 120_000;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-wrong-usage-'));
  const sample = makeSample([{ instance: 'gateway-1', leaves: 3, checkpoints: [3] }]);
  await writeExport(sample.source(), file('export'));
  writeFileSync(file('audit-keys.txt'), sample.keys);
  mkdirSync(file('empty'));
  mkdirSync(file('spoilt'));
  writeFileSync(file('spoilt/run.json'), `{"password": "${SECRET}`);
  writeFileSync(file('spoilt/audit-keys.txt'), sample.keys);
  writeFileSync(file('journal.ndjson'), '{"no": "journal"}\n');
  writeFileSync(file('databases.json'), JSON.stringify({ health: `postgres//:${SECRET}` }));
  await writeExport(sample.source(), file('broken'));
  rmSync(join(file('broken'), 'sample.local', 'aggregate', 'checkpoint'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string) => join(folder, name);

interface Outcome {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(
  program: string,
  words: readonly string[],
  settings: Readonly<Record<string, string>> = {},
  look: (child: ChildProcess) => void = () => undefined,
): Promise<Outcome> {
  const env = { PATH: process.env['PATH'], CONTACTPOINT_DATA: folder, ...settings };
  return await new Promise((ended) => {
    const child = execFile(process.execPath, [program, ...words], { env }, (error, stdout, stderr) =>
      ended({ code: error === null ? 0 : (error.code ?? error.signal), stdout, stderr }),
    );
    look(child);
  });
}

/** In words for whoever runs the command, never a stack or a secret. */
function expectTold({ code, stdout, stderr }: Outcome, said: RegExp): void {
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(said);
  expect(stderr).not.toMatch(/^\s+at |node:internal|Error:/m);
  expect(stderr).not.toContain(SECRET);
}

const WHO = ['--practitioner', 'p-auditor', '--reason', 'Asked for by the reviewer'];
const reader = (url: string) => ({ AUDIT_READER_DATABASE_URL: url });
const writer = (url: string) => ({ ...reader(AWAY), AUDIT_WRITER_DATABASE_URL: url });

describe('a command that was asked wrongly, or cannot do its work', { timeout: PATIENT }, () => {
  test.concurrent.each<[string, string, string[], Record<string, string>, RegExp]>([
    ['no such command', AUDIT, ['verfiy'], {}, /unknown command/],
    ['a word too many', AUDIT, ['verify', 'one', 'two'], {}, /too many arguments/],
    ['a folder that is none', AUDIT, ['verify', '/dev/null'], {}, /\/dev\/null is no folder/],
    ['a folder that is not there', AUDIT, ['verify', '/nowhere'], {}, /\/nowhere is no folder/],
    ['keys that are a folder', AUDIT, ['verify', '--keys', '/tmp'], {}, /EISDIR/],
    ['no database named', AUDIT, ['verify'], {}, /AUDIT_READER_DATABASE_URL is not set/],
    ['a database without a name', AUDIT, ['verify'], reader(''), /AUDIT_READER_DATABASE_URL is empty/],
    ['a database that is away', AUDIT, ['verify'], reader(AWAY), /cannot be read/],
    ['a URL that is none', AUDIT, ['verify'], reader(`postgres//:${SECRET}`), /URL of a database is none/],
    ['a URL with %', AUDIT, ['verify'], reader(`postgres://u:${SECRET}%@h%/d`), /URL of a database is none/],
    ['a proof that is a folder', AUDIT, ['check-proof', '/tmp'], {}, /EISDIR/],
    ['no such number', AUDIT, ['prove', 'a/b/c', '-1'], {}, /It is a number from 0/],
    ['no number', AUDIT, ['prove', 'a/b/c', '1e3'], {}, /It is a number from 0/],
    ['a number beyond all logs', AUDIT, ['prove', 'a/b/c', '9'.repeat(30)], {}, /It is a number from 0/],
    [
      'an export to a file',
      AUDIT,
      ['export', '/dev/null', ...WHO],
      writer(AWAY),
      /cannot be read or written/,
    ],
    ['an export off record', AUDIT, ['export', 'x', ...WHO], writer('nonsense'), /nothing was read/],
    ['a term of no years', AUDIT, ['prune', '--term-years', '0'], {}, /1 to 100 whole years/],
    ['a term that is none', AUDIT, ['prune', '--term-years', 'ten'], {}, /1 to 100 whole years/],
    ['rows of nowhere', AUDIT, ['rebuild'], {}, /AUDIT_READER_DATABASE_URL is not set/],
    ['a journal of nobody', RECONCILE, ['--journal', 'x'], {}, /are of one --subgraph/],
    ['a time that is none', RECONCILE, ['--since', 'yesterday'], {}, /2026-11-22T08:00:00Z/],
    ['a system that is not there', RECONCILE, [], {}, /start the system first/],
    ['databases that are a folder', RECONCILE, ['--databases', '/tmp'], {}, /does not name databases/],
    [
      'an agency of whom nothing is known',
      RECONCILE,
      ['--subgraph', 'housing', '--export-journal', 'x'],
      {},
      /start the system first/,
    ],
  ])('%s: says so in a line, with the exit code for it', async (_case, program, words, settings, said) => {
    expectTold(await run(program, words, settings), said);
  });

  test.concurrent.each<[string, string, string[]]>([
    ['verify', AUDIT, ['verify']],
    ['prune', AUDIT, ['prune']],
    ['rebuild', AUDIT, ['rebuild']],
    ['reconcile', RECONCILE, ['--subgraph', 'health', '--journal', '/nowhere']],
  ])('what a system left, and is spoilt, is not quoted by %s', async (_name, program, words) => {
    expectTold(
      await run(program, words, { CONTACTPOINT_DATA: file('spoilt') }),
      /is not what a started system/,
    );
  });

  test('a journal that is taken out of a database that cannot be reached leaves the former one', async () => {
    const former = file('former.ndjson');
    writeFileSync(former, 'former');
    for (const url of [AWAY, `postgres//:${SECRET}`]) {
      writeFileSync(file('databases.json'), JSON.stringify({ health: url }));
      const words = [
        '--databases',
        file('databases.json'),
        '--subgraph',
        'health',
        '--export-journal',
        former,
      ];
      expectTold(await run(RECONCILE, words), /cannot be read|URL of a database is none/);
      expect(readFileSync(former, 'utf8')).toBe('former');
    }
  });
});

describe('a database that goes away in the middle', { timeout: PATIENT }, () => {
  /** Whoever reads the table waits, and has its connection ended. */
  async function endedAt(table: string, running: (readerUrl: string) => Promise<Outcome>): Promise<Outcome> {
    await using database = await createAuditDatabase();
    const owner = postgres(database.ownerUrl, { max: 2, onnotice: () => undefined });
    const lock = await owner.reserve();
    await lock`begin`;
    await lock`lock table ${lock(table)} in access exclusive mode`;
    const outcome = running(database.readerUrl);
    const ended = async () => {
      const [row] = await owner<{ count: number }[]>`
        select count(pg_terminate_backend(pid))::int as count from pg_locks
        where relation = ${table}::regclass and not granted`;
      return row?.count;
    };
    await expect.poll(ended, { timeout: PATIENT, interval: 50 }).toBe(1);
    await lock`rollback`;
    lock.release();
    await owner.end();
    return await outcome;
  }

  test.each(['leaf', 'tile'])('says nothing about the log: verify, at %s', async (table) => {
    expectTold(
      await endedAt(table, (url) => run(AUDIT, ['verify'], reader(url))),
      /A database is out of reach, or refuses \(\w+\)\n$/,
    );
  });

  test('nor is it there: prove', async () => {
    const prove = (url: string) => run(AUDIT, ['prove', 'a/b/c', '0'], reader(url));
    expectTold(await endedAt('leaf', prove), /A database is out of reach, or refuses \(\w+\)\n$/);
  });
});

describe('output', { timeout: PATIENT }, () => {
  test('that nobody reads any more ends no import either, and no database is blamed', async () => {
    const { code } = await run(IMPORT, ['gias', file('nothing.csv')], {}, ({ stdout, stderr }) => {
      stdout?.destroy();
      stderr?.destroy();
    });
    expect(code).toBe(78);
  });

  const sound = () => ['verify', file('export'), '--keys', file('audit-keys.txt')];
  const faulty = () => ['verify', file('broken'), '--keys', file('audit-keys.txt')];

  test.concurrent.each<[string, string, () => string[], number]>([
    ['npm run audit', AUDIT, sound, 0],
    ['npm run audit', AUDIT, faulty, 1],
    ['contactpoint-verify', VERIFIER, sound, 0],
    ['contactpoint-verify', VERIFIER, faulty, 1],
  ])('that nobody reads any more does not change what %s found', async (_name, program, words, found) => {
    const closed = await run(program, words(), {}, (child) => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
    expect(closed.code).toBe(found);
  });

  test.each([
    ['npm run audit', AUDIT],
    ['contactpoint-verify', VERIFIER],
  ])('that cannot be kept is no fault of the log: %s', (_name, program) => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [program, ...sound()], {
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    expect([status, stderr.toString()]).toEqual([2, 'The output cannot be written (ENOSPC)\n']);
  });
});
