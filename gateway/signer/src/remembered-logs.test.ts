import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { aggregateOf } from '@contactpoint/audit-log/origin';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSignerMetrics } from './metrics.ts';
import type { RoundReport } from './rounds.ts';
import { appendLeaves, createSigningBench, DEPLOYMENT, type SigningBench } from './testing/signing-bench.ts';
import { signedTwice, tamper } from './testing/tampered-bench.ts';

const AGGREGATE = aggregateOf(DEPLOYMENT);

let bench: SigningBench;

beforeEach(async () => {
  bench = await createSigningBench();
});

afterEach(async () => {
  await bench[Symbol.asyncDispose]();
});

async function newest(origin: string): Promise<number | undefined> {
  return (await bench.checkpoints(origin)).at(-1)?.size;
}

/** What an administrator would see of a round. */
async function metricsOf(report: RoundReport): Promise<string> {
  const { registry, onRound } = createSignerMetrics();
  onRound(report, 1);
  return await registry.metrics();
}

const ENDS = [
  ['that goes on', async (_log: AuditLog) => undefined],
  ['that has ended', async (log: AuditLog) => await log.close()],
] as const;

describe('a log of which nothing is left in the database', () => {
  test.each(ENDS)('%s is counted, and is well again once it is put back', async (_case, end) => {
    const { log, bystander } = await signedTwice(bench);
    const { rounds } = await bench.start();
    await end(log);
    expect((await rounds.run(true)).refused).toEqual([]);
    const tables = ['leaf', 'writer_session', 'checkpoint', 'tile'];
    await tamper(
      bench,
      ...tables.map((table) => `create table kept_${table} as table ${table}`),
      ...tables.map((table) => `delete from ${table} where origin = '${log.origin}'`),
    );
    await appendLeaves(bystander, 2);
    const report = await rounds.run(true);
    expect(report.refused).toEqual([{ origin: log.origin, reason: 'VANISHED' }]);
    expect(await metricsOf(report)).toContain('contactpoint_signer_refused_logs{reason="VANISHED"} 1');
    // Where verifying finds that the log to it is missing.
    expect(report.republished).toMatchObject([{ origin: log.origin, size: 7n }]);
    expect(await newest(log.origin)).toBe(7);
    expect(await newest(bystander.origin)).toBe(2);

    const back = (table: string) => `
      insert into ${table} overriding system value select * from kept_${table} where origin = '${log.origin}'`;
    await tamper(bench, back('leaf'), back('writer_session'));
    expect((await rounds.run(true)).refused).toEqual([]);
  });

  test('is counted by a signer that starts afterwards, and signed again once it is put back', async () => {
    const { log, bystander } = await signedTwice(bench);
    await tamper(
      bench,
      'create table kept as table writer_session',
      `delete from writer_session where origin = '${log.origin}'`,
    );
    const { rounds } = await bench.start();
    expect((await rounds.run(true)).refused).toEqual([{ origin: log.origin, reason: 'VANISHED' }]);
    // As after more sessions than are looked at again in an ordinary round.
    await tamper(
      bench,
      `create table later as select * from writer_session where origin = '${bystander.origin}'`,
      'update later set number = 500',
      'insert into writer_session overriding system value select * from later',
    );
    await rounds.run(false);
    await tamper(
      bench,
      `insert into writer_session overriding system value select * from kept where origin = '${log.origin}'`,
    );
    await appendLeaves(log, 1);
    expect((await rounds.run(true)).refused).toEqual([]);
    expect(await newest(log.origin)).toBe(8);
  });
});

describe('a newest checkpoint that is taken out of the database', () => {
  test.each(ENDS)('of a log %s is published again, byte for byte, and said', async (_case, end) => {
    const { log } = await signedTwice(bench);
    const { rounds } = await bench.start();
    await end(log);
    expect((await rounds.run(true)).republished).toEqual([]);
    const before = await bench.checkpoints(log.origin);
    await tamper(bench, `delete from checkpoint where origin = '${log.origin}' and size = 7`);
    expect((await rounds.run(false)).republished).toEqual([]);
    const report = await rounds.run(true);
    expect(report.republished).toMatchObject([{ origin: log.origin, size: 7n }]);
    expect(report.refused).toEqual([]);
    expect(await bench.checkpoints(log.origin)).toEqual(before);
    expect(await metricsOf(report)).toContain('contactpoint_signer_republished_total 1');
    expect((await rounds.run(true)).republished).toEqual([]);
  });

  test('of the log of logs is published again', async () => {
    await signedTwice(bench);
    const { rounds } = await bench.start();
    await rounds.run(true);
    const before = await bench.checkpoints(AGGREGATE);
    await tamper(bench, `delete from checkpoint where origin = '${AGGREGATE}' and size = 2`);
    const report = await rounds.run(true);
    expect(report.republished).toMatchObject([{ origin: AGGREGATE, size: 2n }]);
    expect(await bench.checkpoints(AGGREGATE)).toEqual(before);
  });

  test.each([
    ['another one of its size', 'FORKED', 7],
    ['a larger one', 'UNKNOWN_CHECKPOINT', 9],
  ] as const)('with %s in its place refuses a log that has ended', async (_case, reason, size) => {
    const { log } = await signedTwice(bench);
    await log.close();
    const { rounds } = await bench.start();
    await rounds.run(true);
    await tamper(
      bench,
      `delete from checkpoint where origin = '${log.origin}' and size = 7`,
      `insert into checkpoint (origin, size, root_hash, signed_note) values ('${log.origin}', ${size}, sha256('x'), 'x')`,
    );
    expect((await rounds.run(true)).refused).toEqual([{ origin: log.origin, reason }]);
  });
});
