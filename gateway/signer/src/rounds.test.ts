import { MerkleTree, verifyConsistency } from '@contactpoint/audit-log/merkle';
import { aggregateOf } from '@contactpoint/audit-log/origin';
import { createPostgresTiles } from '@contactpoint/audit-log/postgres-tiles';
import { consistencyPath } from '@contactpoint/audit-log/tiled-tree';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSignedCheckpoint } from './signed-checkpoint.ts';
import { appendLeaves, createSigningBench, DEPLOYMENT, type SigningBench } from './testing/signing-bench.ts';

const AGGREGATE = aggregateOf(DEPLOYMENT);

/** For a machine that does other things. */
const PATIENT = { timeout: 10_000 };

let bench: SigningBench;

beforeEach(async () => {
  bench = await createSigningBench();
});

afterEach(async () => {
  await bench[Symbol.asyncDispose]();
});

async function leafHashes(origin: string, table = 'leaf'): Promise<Buffer[]> {
  const rows = await bench.owner<{ leaf_hash: Buffer }[]>`
    select leaf_hash from ${bench.owner(table)} where origin = ${origin} order by index`;
  return rows.map((row) => row.leaf_hash);
}

/** What anybody may ask of a log: that each checkpoint is signed, of its leaves, and extends the one before it. */
async function expectSound(origin: string, table: 'leaf' | 'aggregate_leaf' = 'leaf'): Promise<number[]> {
  const tree = new MerkleTree(await leafHashes(origin, table));
  const checkpoints = await bench.checkpoints(origin);
  for (const [place, { size, root, note }] of checkpoints.entries()) {
    expect(bench.keys.vouchFor(origin, note), `signature of ${origin} at ${size}`).toBe(true);
    expect(readSignedCheckpoint(note)).toMatchObject({ origin, size: BigInt(size) });
    expect(Buffer.from(readSignedCheckpoint(note).root)).toEqual(root);
    expect(Buffer.from(tree.root(size))).toEqual(root);
    const next = checkpoints[place + 1];
    if (next === undefined) continue;
    const source = createPostgresTiles(bench.owner, origin, table);
    const path = await consistencyPath(source, BigInt(size), BigInt(next.size));
    const claim = { from: size, fromRoot: root, to: next.size, toRoot: next.root };
    expect(verifyConsistency(claim, path), `${origin} from ${size} to ${next.size}`).toBe(true);
  }
  return checkpoints.map(({ size }) => size);
}

async function beats(): Promise<number> {
  const [row] = await bench.owner<{ beat: string }[]>`select beat from signer_beat`;
  return Number(row?.beat);
}

describe('a round', () => {
  test('covers every log, adds its checkpoint to the log of logs, and beats', async () => {
    const [one, other] = [await bench.boot('gateway-1'), await bench.boot('gateway-2')];
    await appendLeaves(one, 300);
    await appendLeaves(other, 3);
    const { rounds } = await bench.start();
    const report = await rounds.run(true);

    expect(report).toMatchObject({ leaves: 303n, live: 2, ended: 0, refused: [] });
    expect(await expectSound(one.origin)).toEqual([300]);
    expect(await expectSound(other.origin)).toEqual([3]);
    expect(await expectSound(AGGREGATE, 'aggregate_leaf')).toEqual([2]);
    const leaves = await bench.owner<{ leaf: Buffer }[]>`select leaf from aggregate_leaf order by index`;
    expect(leaves.map(({ leaf }) => leaf.toString())).toEqual(report.signed.map(({ note }) => note));
    expect(await beats()).toBe(1);
  });

  test('signs nothing where nothing was appended, and beats all the same', async () => {
    const log = await bench.boot();
    await appendLeaves(log, 2);
    const { rounds } = await bench.start();
    await rounds.run(true);
    for (const thorough of [false, true, false]) {
      expect(await rounds.run(thorough)).toMatchObject({ signed: [], aggregate: undefined, refused: [] });
    }
    expect(await expectSound(log.origin)).toEqual([2]);
    expect(await beats()).toBe(4);
  });

  test('finds a log that was opened since, and leaves that wait', async () => {
    const { rounds } = await bench.start();
    await rounds.run(true);
    const log = await bench.boot();
    await appendLeaves(log, 4);
    await rounds.run(false);
    await appendLeaves(log, 5);
    expect(await rounds.uncovered()).toBe(5n);
    await rounds.run(false);
    expect(await rounds.uncovered()).toBe(0n);
    expect(await expectSound(log.origin)).toEqual([4, 9]);
  });

  test('whatever was appended when, with restarts between, each checkpoint extends the last one', async () => {
    const logs = [await bench.boot('gateway-1'), await bench.boot('gateway-2')];
    let { session, rounds } = await bench.start();
    const step = fc.record({
      leaves: fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 3 })),
      restart: fc.boolean(),
      thorough: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(step, async ({ leaves, restart, thorough }) => {
        for (const [place, log] of logs.entries()) await appendLeaves(log, leaves[place] ?? 0);
        if (restart) {
          await session.close();
          ({ session, rounds } = await bench.start());
        }
        const report = await rounds.run(restart || thorough);
        expect(report.refused).toEqual([]);
        expect(await rounds.uncovered()).toBe(0n);
      }),
      { numRuns: 25 },
    );
    for (const { origin } of logs) expect((await expectSound(origin)).length).toBeGreaterThan(3);
    await expectSound(AGGREGATE, 'aggregate_leaf');
    const [tiles] = await bench.owner<{ count: string }[]>`
      select count(*) from tile where origin = ${logs[0]?.origin ?? ''} and level = 0`;
    expect(Number(tiles?.count)).toBe(Math.floor((await leafHashes(logs[0]?.origin ?? '')).length / 256));
  });

  test('leaves alone what is not of its deployment', async () => {
    const log = await bench.boot();
    await appendLeaves(log, 1);
    await bench.owner`insert into writer_session (origin, next_index) values ('other.example/gateway-1/20260101T000000Z-aaaa', 0)`;
    await bench.owner`insert into writer_session (origin, next_index) values (${`${DEPLOYMENT}/../etc`}, 0)`;
    const { rounds } = await bench.start();
    expect(await rounds.run(true)).toMatchObject({ live: 1, foreign: 2 });
  });
});

describe('a log that has ended', () => {
  test('is covered to its end and then no business of any round, across a restart too', async () => {
    const log = await bench.boot();
    await appendLeaves(log, 3);
    let { session, rounds } = await bench.start();
    await rounds.run(true);
    await appendLeaves(log, 2);
    await log.close();
    await expect.poll(async () => (await rounds.run(false)).ended, PATIENT).toBe(1);
    expect(await expectSound(log.origin)).toEqual([3, 5]);
    await session.close();
    ({ session, rounds } = await bench.start());
    expect(await rounds.run(true)).toMatchObject({ live: 0, ended: 1, signed: [] });
  });

  test('is signed again once a session is opened on it', async () => {
    const log = await bench.boot();
    await appendLeaves(log, 3);
    await log.close();
    const { rounds } = await bench.start();
    await expect.poll(async () => (await rounds.run(true)).ended, PATIENT).toBe(1);
    const { origin } = log;
    await bench.owner`insert into writer_session (origin, next_index) values (${origin}, 3)`;
    await bench.owner`insert into leaf (origin, index, at, leaf, leaf_hash)
      values (${origin}, 3, now(), 'late', sha256('\\x00'::bytea || 'late'))`;
    await rounds.run(false);
    expect(await expectSound(origin)).toEqual([3, 4]);
  });
});

describe('a clock that is wrong', () => {
  test.each([
    ['set back by a year', -365],
    ['a year ahead', 365],
  ])('%s costs a delay and no leaf', async (_case, days) => {
    let now = new Date();
    const log = await bench.boot('gateway-1', () => now);
    await appendLeaves(log, 3);
    const { rounds } = await bench.start();
    await rounds.run(true);
    now = new Date(Date.now() + days * 86_400_000);
    await appendLeaves(log, 4);
    await rounds.run(false);
    now = new Date();
    await appendLeaves(log, 2);
    await rounds.run(false);
    const report = await rounds.run(true);
    expect(report.refused).toEqual([]);
    expect((await expectSound(log.origin)).at(-1)).toBe(9);
  });

  test('of the signer itself is found out by the thorough round', async () => {
    const log = await bench.boot();
    const { rounds } = await bench.start(() => new Date(Date.now() + 40 * 86_400_000));
    await rounds.run(true);
    await appendLeaves(log, 3);
    await rounds.run(true);
    expect((await expectSound(log.origin)).at(-1)).toBe(3);
  });
});
