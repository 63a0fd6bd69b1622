import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VIEW } from '../access/operations/joined-view.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { runAudit } from './audit-command.ts';
import { auditOwnerUrl } from './audit-owner.ts';
import { runReconcile } from './reconcile-command.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const AUDIT = join(ROOT, 'scripts/audit.ts');
const RECONCILE = join(ROOT, 'scripts/reconcile.ts');
const READER = ['--practitioner', 'p-auditor', '--reason', 'Asked for by the reviewer'];

/** Milliseconds for one command on a busy machine. */
const PATIENT = 120_000;

let system: TestSystem;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-interrupted-'));
  system = await startTestSystem();
  await system.ask('social-worker', {
    query: VIEW,
    variables: { id: system.scenarios.joined },
    purpose: 'S47',
  });
});
afterAll(async () => {
  await system?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string) => join(folder, name);
const auditUrl = () => auditOwnerUrl(system);

interface Interrupted {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that waits at a table which somebody else has locked, and is sent a signal there. */
async function interruptedAt(
  { url, table }: { readonly url: string; readonly table: string },
  signal: NodeJS.Signals,
  [program = '', ...words]: readonly string[],
): Promise<Interrupted> {
  const owner = postgres(url, { max: 2, onnotice: () => undefined });
  const lock = await owner.reserve();
  try {
    await lock`begin`;
    await lock`lock table ${lock(table)} in access exclusive mode`;
    const env = { PATH: process.env['PATH'], HOME: folder, CONTACTPOINT_DATA: system.data };
    const child = spawn(program, words, { cwd: ROOT, env });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => (stderr += text));
    const ended = new Promise<Interrupted>((resolve) =>
      child.once('close', (code, by) => resolve({ code, signal: by, stdout, stderr })),
    );
    const waits = async () => {
      if (child.exitCode !== null) throw new Error(`ended before: ${stderr}`);
      const [row] = await owner<{ waits: boolean }[]>`
        select exists (
          select from pg_locks where relation = ${table}::regclass and not granted
        ) as waits`;
      return row?.waits;
    };
    await expect.poll(waits, { timeout: PATIENT, interval: 50 }).toBe(true);
    child.kill(signal);
    return await ended;
  } finally {
    await lock`rollback`;
    lock.release();
    await owner.end();
  }
}

const node = (script: string, ...words: string[]) => [process.execPath, script, ...words];

describe('a command that is interrupted', { timeout: PATIENT }, () => {
  test('leaves an export that nobody takes for a whole one, and that is said', async () => {
    const words = node(AUDIT, 'export', file('log'), ...READER);
    const { code, stdout, stderr } = await interruptedAt(
      { url: auditUrl(), table: 'cosignature' },
      'SIGINT',
      words,
    );
    expect([code, stdout]).toEqual([130, '']);
    expect(stderr).toMatch(/^on record as \S+ \d+\n\nInterrupted \(SIGINT\)\. What was written is not whole/);
    expect(readdirSync(file('log'))).toEqual(['.part']);
    const verified = await runAudit(system.data, ['verify', file('log')]);
    expect(verified).toEqual({
      ...{ code: 2, stdout: '' },
      stderr: `${file('log')} holds an export that was not written to its end\n`,
    });
    // It is not gone on with, and what is there is not mixed with anything.
    expect((await runAudit(system.data, ['export', file('log'), ...READER])).stderr).toContain(
      'is not empty',
    );
  });

  test('leaves no file of events under the name that it was to have', async () => {
    const words = node(AUDIT, 'export', '--fhir', file('events'), '--ocsf', file('ocsf'), ...READER);
    const ended = await interruptedAt({ url: auditUrl(), table: 'tile' }, 'SIGTERM', words);
    expect(ended).toMatchObject({ code: 143, stdout: '', stderr: expect.stringContaining('NAME.part') });
    expect([existsSync(file('events')), existsSync(file('ocsf'))]).toEqual([false, false]);
  });

  test('drops no row of which it has not made another: rebuild', async () => {
    const url = system.databases.oversight;
    const counting = postgres(url, { max: 1 });
    const count = async () =>
      (await counting`select count(*)::int as events from access_event`)[0]?.['events'];
    const before = await count();
    const ended = await interruptedAt({ url, table: 'pruning' }, 'SIGINT', node(AUDIT, 'rebuild'));
    expect(ended).toMatchObject({ code: 130, stdout: '', stderr: expect.stringContaining('goes on') });
    expect(await count()).toBeGreaterThanOrEqual(before);
    await counting.end();
    const again = await runAudit(system.data, ['rebuild']);
    expect(again.code, again.stderr).toBe(0);
  });

  test('says nothing about the journals, and leaves no journal that looks whole: reconcile', async () => {
    const at = { url: system.databases.health, table: 'access_journal' };
    const compared = await interruptedAt(at, 'SIGINT', node(RECONCILE));
    expect(compared).toMatchObject({
      ...{ code: 130, stdout: '' },
      stderr: expect.stringContaining('Interrupted (SIGINT). Nothing is said about the journals.'),
    });
    const words = ['--subgraph', 'health', '--export-journal', file('journal')];
    const exported = await interruptedAt(at, 'SIGTERM', node(RECONCILE, ...words));
    expect(exported).toMatchObject({
      ...{ code: 143, stdout: '' },
      stderr: `\nInterrupted (SIGTERM). What was written is not whole, and lies in ${file('journal')}.part.\n`,
    });
    expect(existsSync(file('journal'))).toBe(false);
    expect((await runReconcile(system.data, ...words)).code).toBe(0);
  });
});
