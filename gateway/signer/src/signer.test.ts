import { rmSync } from 'node:fs';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RoundReport } from './rounds.ts';
import { type Signer, startSigner } from './signer.ts';
import { appendLeaves, createSigningBench, DEPLOYMENT, type SigningBench } from './testing/signing-bench.ts';

/** For a machine that does other things. */
const PATIENT = { timeout: 10_000 };

let bench: SigningBench;
let signers: Signer[];
let reports: RoundReport[];
let said: string;

beforeEach(async () => {
  bench = await createSigningBench();
  signers = [];
  reports = [];
  said = '';
});

afterEach(async () => {
  await Promise.all(signers.map((signer) => signer.stop().catch(() => undefined)));
  await bench[Symbol.asyncDispose]();
});

function start(options: { adopt?: boolean; url?: string } = {}): Signer {
  const { adopt = false, url = bench.url } = options;
  const logger = pino({ base: null, timestamp: false }, { write });
  const signer = startSigner({
    databaseUrl: url,
    deployment: DEPLOYMENT,
    stateFolder: bench.folder,
    keys: () => bench.keys,
    adopt,
    clock: () => new Date(),
    logger,
    onRound: (report) => reports.push(report),
    onAggregate: () => undefined,
  });
  signers.push(signer);
  return signer;
}

function write(line: string): void {
  said += line;
}

const newest = async (origin: string) => (await bench.checkpoints(origin)).at(-1)?.size ?? 0;
const rounds = () => reports.length;

async function endSessions(): Promise<void> {
  await bench.owner`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'contactpoint-signer' and datname = current_database()`;
}

describe('a signer', () => {
  test('makes a round each second, and at once where a thousand leaves wait', async () => {
    const log = await bench.boot();
    const signer = start();
    await expect.poll(() => signer.healthy, PATIENT).toBe(true);
    await appendLeaves(log, 10);
    await expect.poll(() => newest(log.origin), PATIENT).toBe(10);
    await expect.poll(rounds, PATIENT).toBeGreaterThan(2);
    for (let batch = 0; batch < 4; batch++) await appendLeaves(log, 600);
    await expect.poll(() => newest(log.origin), PATIENT).toBe(2_410);
    expect((await bench.checkpoints(log.origin)).length).toBeGreaterThan(1);
  });

  test('that is told to stop covers what came last', async () => {
    const log = await bench.boot();
    const signer = start();
    await expect.poll(rounds, PATIENT).toBeGreaterThan(0);
    await appendLeaves(log, 7);
    await signer.stop();
    expect(await newest(log.origin)).toBe(7);
  });

  test('whose connection is lost goes on by itself', async () => {
    const log = await bench.boot();
    const signer = start();
    await appendLeaves(log, 3);
    await expect.poll(() => newest(log.origin), PATIENT).toBe(3);
    await endSessions();
    await appendLeaves(log, 3);
    await expect.poll(() => newest(log.origin), PATIENT).toBe(6);
    await expect.poll(() => signer.healthy, PATIENT).toBe(true);
    expect(said).toContain('round given up');
  });

  test('beside another one waits, and takes its place when it is gone', async () => {
    const log = await bench.boot();
    const first = start();
    await expect.poll(() => first.healthy, PATIENT).toBe(true);
    const second = start();
    await expect.poll(() => said, PATIENT).toContain('another signer is at work');
    expect(second.healthy).toBe(false);
    await appendLeaves(log, 3);
    await first.stop();
    await expect.poll(() => second.healthy, PATIENT).toBe(true);
    await appendLeaves(log, 3);
    await expect.poll(() => newest(log.origin), PATIENT).toBe(6);
    expect(reports.flatMap(({ refused }) => refused)).toEqual([]);
  });

  test('that has lost its folder does not begin', async () => {
    const log = await bench.boot();
    await appendLeaves(log, 3);
    const first = start();
    await expect.poll(() => newest(log.origin), PATIENT).toBe(3);
    await first.stop();
    rmSync(bench.folder, { recursive: true });
    await expect(start().ended).rejects.toThrow(/SIGNER_STATE/);
    const adopting = start({ adopt: true });
    await expect.poll(() => adopting.healthy, PATIENT).toBe(true);
    expect(said).toContain('believed checkpoints of the database');
  });

  test('without a database waits for it, and says no word of how it is reached', async () => {
    const signer = start({ url: 'postgres://signer:secret-word@127.0.0.1:1/audit' });
    await expect.poll(() => said, PATIENT).toContain('ECONNREFUSED');
    expect(signer.healthy).toBe(false);
    expect(said).not.toContain('secret-word');
    await signer.stop();
  });
});
