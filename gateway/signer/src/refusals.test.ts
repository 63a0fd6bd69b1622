import { MerkleTree } from '@contactpoint/audit-log/merkle';
import { aggregateOf } from '@contactpoint/audit-log/origin';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSignedCheckpoint, type SignedCheckpoint } from './signed-checkpoint.ts';
import { SignedState } from './signed-state.ts';
import { SignerSession } from './signer-session.ts';
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

const FORGED = `sha256('\\x00'::bytea || 'forged')`;

describe('a database that was changed since it was signed', () => {
  test.each([
    [
      'lost its last leaves',
      'ROLLED_BACK',
      (origin: string) => [`delete from leaf where origin = '${origin}' and index >= 5`],
    ],
    [
      'lost its last leaves and has others in their place',
      'FORKED',
      (origin: string) => [
        `update leaf set leaf = 'forged', leaf_hash = ${FORGED} where origin = '${origin}' and index = 6`,
      ],
    ],
    [
      'has another first leaf',
      'FORKED',
      (origin: string) => [
        `update leaf set leaf = 'forged', leaf_hash = ${FORGED} where origin = '${origin}' and index = 0`,
      ],
    ],
    [
      'lost a leaf in between',
      'ROLLED_BACK',
      (origin: string) => [`delete from leaf where origin = '${origin}' and index = 2`],
    ],
    ['lost all of them', 'ROLLED_BACK', (origin: string) => [`delete from leaf where origin = '${origin}'`]],
    [
      'has another checkpoint of the same size',
      'FORKED',
      (origin: string) => [
        `update checkpoint set root_hash = sha256('other') where origin = '${origin}' and size = 7`,
      ],
    ],
    [
      'has a checkpoint that was never signed here',
      'UNKNOWN_CHECKPOINT',
      (origin: string) => [
        `insert into checkpoint (origin, size, root_hash, signed_note) values ('${origin}', 9, sha256('x'), 'x')`,
      ],
    ],
  ] as const)(
    '%s: that log is not signed any more (%s), the others are',
    async (_case, reason, statements) => {
      const { log, bystander } = await signedTwice(bench);
      await tamper(bench, ...statements(log.origin));
      const before = await bench.checkpoints(log.origin);
      const { rounds } = await bench.start();
      await appendLeaves(bystander, 2);
      const report = await rounds.run(true);
      expect(report.refused).toEqual([{ origin: log.origin, reason }]);
      expect(await newest(bystander.origin)).toBe(2);
      await bench.owner`insert into leaf (origin, index, at, leaf, leaf_hash)
      values (${log.origin}, 7, now(), 'more', sha256('\\x00'::bytea || 'more'))`;
      expect((await rounds.run(false)).refused).toHaveLength(1);
      expect((await rounds.run(true)).refused).toHaveLength(1);
      expect(await bench.checkpoints(log.origin)).toEqual(before);
    },
  );

  test('under full tiles: a tile does not hide that leaves below it are others', async () => {
    const { log } = await signedTwice(bench, 600);
    await tamper(
      bench,
      `update leaf set leaf = 'forged', leaf_hash = ${FORGED} where origin = '${log.origin}' and index = 600`,
    );
    const { rounds } = await bench.start();
    expect((await rounds.run(true)).refused).toEqual([{ origin: log.origin, reason: 'FORKED' }]);
  });

  test('while the signer runs: the thorough round misses what was signed', async () => {
    const log = await bench.boot();
    const { rounds } = await bench.start();
    await appendLeaves(log, 5);
    await rounds.run(true);
    await tamper(bench, `delete from leaf where origin = '${log.origin}' and index = 4`);
    expect((await rounds.run(false)).refused).toEqual([]);
    expect((await rounds.run(true)).refused).toEqual([{ origin: log.origin, reason: 'ROLLED_BACK' }]);
  });

  test('and put right again is signed again, without a restart', async () => {
    const { log } = await signedTwice(bench);
    const [kept] = await bench.owner`select * from leaf where origin = ${log.origin} and index = 6`;
    await tamper(bench, `delete from leaf where origin = '${log.origin}' and index = 6`);
    const { rounds } = await bench.start();
    expect((await rounds.run(true)).refused).toHaveLength(1);
    await bench.owner`insert into leaf ${bench.owner(kept ?? {})}`;
    await appendLeaves(log, 1);
    expect((await rounds.run(false)).refused).toHaveLength(1);
    expect((await rounds.run(true)).refused).toEqual([]);
    expect(await newest(log.origin)).toBe(8);
  });

  test('a gap between leaves that wait is not signed over', async () => {
    const log = await bench.boot();
    await appendLeaves(log, 5);
    await tamper(bench, `delete from leaf where origin = '${log.origin}' and index = 3`);
    const { rounds } = await bench.start();
    expect((await rounds.run(true)).refused).toEqual([{ origin: log.origin, reason: 'GAP' }]);
    expect(await bench.checkpoints(log.origin)).toEqual([]);
  });

  test('an index that is there twice is not signed over', async () => {
    const log = await bench.boot();
    await appendLeaves(log, 5);
    await bench.owner`insert into leaf (origin, index, at, leaf, leaf_hash)
      values (${log.origin}, 3, now() - interval '1 hour', 'twin', sha256('\\x00'::bytea || 'twin'))`;
    const { rounds } = await bench.start();
    expect((await rounds.run(true)).refused).toEqual([{ origin: log.origin, reason: 'GAP' }]);
  });

  test('the log of logs rolled back: it is not built upon, instances are covered, and no beat lets gateways go on', async () => {
    const { log } = await signedTwice(bench);
    const beats = async () => await bench.owner`select beat from signer_beat`;
    const before = await beats();
    await tamper(bench, 'delete from aggregate_leaf where index = 1');
    const { rounds } = await bench.start();
    await appendLeaves(log, 1);
    const report = await rounds.run(true);
    expect(report.refused).toEqual([{ origin: AGGREGATE, reason: 'ROLLED_BACK' }]);
    expect(await newest(log.origin)).toBe(8);
    expect(await newest(AGGREGATE)).toBe(2);
    expect(await bench.owner`select index from aggregate_leaf`).toEqual([{ index: '0' }]);
    await rounds.run(false);
    expect(await beats()).toEqual(before);
  });
});

describe('a crash', () => {
  test('after the state was kept and before the checkpoint was published: it is published as it was signed', async () => {
    const { log } = await signedTwice(bench);
    await appendLeaves(log, 2);
    const hashes = await bench.owner<{ leaf_hash: Buffer }[]>`
      select leaf_hash from leaf where origin = ${log.origin} order by index`;
    const signed = await signWithoutPublishing(
      log.origin,
      hashes.map((row) => row.leaf_hash),
    );
    await appendLeaves(log, 1);
    const { rounds } = await bench.start();
    const report = await rounds.run(true);
    expect(report.refused).toEqual([]);
    const [, , third, fourth] = await bench.checkpoints(log.origin);
    expect(third?.note).toBe(signed.note);
    expect(fourth?.size).toBe(10);
    const leaves = await bench.owner<{ leaf: Buffer }[]>`select leaf from aggregate_leaf order by index`;
    expect(leaves.map(({ leaf }) => Number(readSignedCheckpoint(leaf.toString()).size))).toEqual([
      4, 7, 9, 10,
    ]);
  });

  test('with a database that went back over it: what was signed is put where others look for it', async () => {
    const { log } = await signedTwice(bench);
    await tamper(
      bench,
      `delete from leaf where origin = '${log.origin}' and index >= 4`,
      `delete from checkpoint where origin = '${log.origin}' and size = 7`,
    );
    const { rounds } = await bench.start();
    expect((await rounds.run(true)).refused).toContainEqual({ origin: log.origin, reason: 'ROLLED_BACK' });
    expect(await newest(log.origin)).toBe(7);
  });

  test('with the leaf of the log of logs in place and its checkpoint not: the next round signs it', async () => {
    const { log } = await signedTwice(bench);
    await tamper(bench, `delete from checkpoint where origin = '${AGGREGATE}' and size = 2`);
    const { rounds } = await bench.start();
    await rounds.run(true);
    expect((await bench.checkpoints(AGGREGATE)).map(({ size }) => size)).toEqual([1, 2]);
    await appendLeaves(log, 1);
    await rounds.run(false);
    expect(await newest(AGGREGATE)).toBe(3);
  });
});

describe('a second signer', () => {
  test('gets no session while the first one has its own, and nothing is written by one that lost it', async () => {
    const log = await bench.boot();
    await appendLeaves(log, 2);
    const { rounds } = await bench.start();
    const options = { url: bench.url, deployment: DEPLOYMENT, deadline: 5_000 };
    expect(await SignerSession.open(options)).toBeUndefined();
    await bench.owner`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'contactpoint-signer' and datname = current_database()`;
    await expect(rounds.run(true)).rejects.toThrow();
    const second = await SignerSession.open(options);
    expect(second).toBeDefined();
    // The driver has reconnected by now, as somebody who holds no lock.
    await expect(rounds.run(true)).rejects.toThrow();
    expect(await bench.checkpoints(log.origin)).toEqual([]);
    await second?.close();
  });
});

async function signWithoutPublishing(origin: string, hashes: readonly Buffer[]): Promise<SignedCheckpoint> {
  const root = new MerkleTree(hashes).root();
  const signed = bench.keys.sign({ origin, size: BigInt(hashes.length), root });
  await SignedState.open(bench.folder).keep([signed]);
  return signed;
}
