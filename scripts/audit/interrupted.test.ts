import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAuditDatabase, type TestAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import { makeSample } from '@contactpoint/audit-verifier/testing/sample-deployment';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NODE = [process.execPath, join(ROOT, 'scripts/audit.ts')];
const NPM = ['npm', 'run', '--silent', 'audit', '--'];

/** Milliseconds for one command on a busy machine. */
const PATIENT = 120_000;

let database: TestAuditDatabase;
let owner: postgres.Sql;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-interrupted-'));
  writeFileSync(join(folder, 'audit-keys.txt'), makeSample([]).keys);
  database = await createAuditDatabase();
  owner = postgres(database.ownerUrl, { max: 2, onnotice: () => undefined });
});
afterAll(async () => {
  await owner?.end();
  await database?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that waits for a table which somebody has locked, and is sent a signal there, as its whole group is by Ctrl-C. */
async function interruptedAt(
  table: string,
  signal: NodeJS.Signals,
  [program = '', ...words]: readonly string[],
): Promise<Ended> {
  const lock = await owner.reserve();
  try {
    await lock`begin`;
    await lock`lock table ${lock(table)} in access exclusive mode`;
    const { readerUrl } = database;
    const env = {
      ...{ PATH: process.env['PATH'], HOME: folder, CONTACTPOINT_DATA: folder },
      AUDIT_READER_DATABASE_URL: readerUrl,
    };
    const child = spawn(program, words, { cwd: ROOT, env, detached: true });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const ended = new Promise<Ended>((resolve) =>
      child.once('close', (code, by) => resolve({ code, signal: by, stdout, stderr })),
    );
    const waits = async () => {
      if (child.exitCode !== null) throw new Error(`ended before: ${stderr}`);
      const [row] = await owner<{ waits: boolean }[]>`
        select exists (select from pg_locks where relation = ${table}::regclass and not granted) as waits`;
      return row?.waits;
    };
    await expect.poll(waits, { timeout: PATIENT, interval: 50 }).toBe(true);
    process.kill(-(child.pid as number), signal);
    return await ended;
  } finally {
    await lock`rollback`;
    lock.release();
  }
}

describe('npm run audit, interrupted', { timeout: PATIENT }, () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s says nothing about the log, and ends with %i', async (signal, code) => {
    expect(await interruptedAt('tile', signal, [...NODE, 'verify'])).toEqual({
      ...{ code, signal: null, stdout: '' },
      stderr: `\nInterrupted (${signal}). Nothing is said about the log.\n`,
    });
  });

  test('by Ctrl-C ends as interrupted through npm as well', async () => {
    const { code, signal, stdout, stderr } = await interruptedAt('tile', 'SIGINT', [...NPM, 'verify']);
    // npm ends by the signal itself, which a shell calls 130 as well.
    expect([code ?? signal, stdout]).toEqual([expect.toBeOneOf([130, 'SIGINT']), '']);
    expect(stderr).toContain('Interrupted (SIGINT). Nothing is said about the log.');
  });

  test('prints no proof, nor half of one', async () => {
    const prove = [...NODE, 'prove', 'contactpoint.local/gateway-1/20261122T101500Z-4f2a91c3', '0'];
    expect(await interruptedAt('leaf', 'SIGTERM', prove)).toEqual({
      ...{ code: 143, signal: null, stdout: '' },
      stderr: '\nInterrupted (SIGTERM). Nothing was proven.\n',
    });
  });
});
