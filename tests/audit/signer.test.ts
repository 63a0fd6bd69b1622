import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { type Checkpoint, readCheckpoint } from '@contactpoint/audit-log/checkpoint';
import { verifyConsistency, verifyInclusion } from '@contactpoint/audit-log/merkle';
import { readNote } from '@contactpoint/audit-log/note-format';
import { ed25519Verifier, publicKeyOf, verifiedBy } from '@contactpoint/audit-log/signed-note';
import { tilePath } from '@contactpoint/audit-log/tile-path';
import { consistencyPath, inclusionPath, type TileSource } from '@contactpoint/audit-log/tiled-tree';
import { retireCheckpointKey, rotateCheckpointKey } from '@contactpoint/scripts/system/checkpoint-key';
import { DEPLOYMENT } from '@contactpoint/scripts/system/deployment';
import postgres from 'postgres';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receiptOf } from '../access/access-log.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';

let system: TestSystem;
let reader: postgres.Sql;

beforeAll(async () => {
  system = await startTestSystem();
  reader = postgres(system.clusters.audit.readerUrl, { max: 1 });
});

afterAll(async () => {
  await reader?.end();
  await system?.remove();
});

const read = () =>
  system.ask('social-worker', {
    query: 'query($id: ID!) { child(id: $id) { id } }',
    variables: { id: system.scenarios.joined },
    purpose: 'S47',
  });

/** What anybody reads and verifies with the deployment's public keys, and nothing else of the system. */
async function published(origin: string): Promise<Checkpoint | undefined> {
  const { statusCode, body } = await request(`${system.urls.signer}/${origin}/checkpoint`);
  const text = await body.text();
  if (statusCode !== 200) return undefined;
  const note = readNote(text);
  const keys = readFileSync(system.secrets.auditKeys, 'utf8').trim().split('\n').map(publicKeyOf);
  const verifiers = keys.map(({ publicKey }) => ed25519Verifier(origin, publicKey));
  expect(verifiedBy(note, verifiers)).toEqual([origin]);
  return readCheckpoint(note.text);
}

async function covered(origin: string, index: bigint): Promise<Checkpoint> {
  let checkpoint: Checkpoint | undefined;
  await expect
    .poll(
      async () => {
        checkpoint = await published(origin);
        return checkpoint !== undefined && checkpoint.size > index;
      },
      { timeout: 10_000, interval: 20 },
    )
    .toBe(true);
  return checkpoint as Checkpoint;
}

const tilesOf = (origin: string): TileSource => ({
  async tile(level, index, width) {
    const { body } = await request(`${system.urls.signer}/${origin}/${tilePath(level, index, width)}`);
    return new Uint8Array(await body.arrayBuffer());
  },
});

describe('checkpoints', () => {
  test('cover a read about a second after it was answered, and prove that it is in the log', async () => {
    await read();
    const receipt = receiptOf(await read());
    const index = BigInt(receipt.index);
    const begun = performance.now();
    const { size, root } = await covered(receipt.origin, index);
    // A second, and two for a machine that does other things.
    expect(performance.now() - begun).toBeLessThan(3_000);

    const [leaf] = await reader<{ leaf_hash: Buffer }[]>`
      select leaf_hash from leaf where origin = ${receipt.origin} and index = ${receipt.index}`;
    const path = await inclusionPath(tilesOf(receipt.origin), index, size);
    const claim = { index: Number(index), size: Number(size), leafHash: leaf?.leaf_hash as Buffer, root };
    expect(verifyInclusion(claim, path)).toBe(true);
  });

  test('stand in the log of logs, whose one root covers the whole deployment', async () => {
    const { origin } = receiptOf(await read());
    await covered(origin, 1n);
    const aggregate = `${DEPLOYMENT}/aggregate`;
    const before = await published(aggregate);
    await covered(origin, BigInt(receiptOf(await read()).index));
    await expect
      .poll(async () => (await published(aggregate))?.size, { timeout: 10_000 })
      .toBeGreaterThan(before?.size ?? 0n);
    const after = await published(aggregate);
    if (before === undefined || after === undefined) throw new Error('no log of logs');
    const path = await consistencyPath(tilesOf(aggregate), before.size, after.size);
    const claim = {
      from: Number(before.size),
      fromRoot: before.root,
      to: Number(after.size),
      toRoot: after.root,
    };
    expect(verifyConsistency(claim, path)).toBe(true);
    const leaves = await reader<{ leaf: Buffer }[]>`select leaf from aggregate_leaf order by index`;
    const named = leaves.map(({ leaf }) => readCheckpoint(readNote(leaf.toString()).text).origin);
    expect(named).toContain(origin);
  });

  test('are all that the signer serves: no entry, and no key in the gateway’s environment', async () => {
    const { origin } = receiptOf(await read());
    const { statusCode } = await request(`${system.urls.signer}/${origin}/tile/entries/000.p/1`);
    expect(statusCode).toBe(404);
    const environment = (name: string) =>
      readFileSync(`/proc/${system.services.get(name)?.pid}/environ`, 'utf8');
    expect(environment('signer')).toContain('checkpoint-key.pem');
    expect(environment('gateway')).not.toContain('checkpoint-key.pem');
  });
});

describe('a signer', () => {
  test('whose key is rotated signs with both, and everything verifies by the public ones', async () => {
    rotateCheckpointKey(system.secrets, DEPLOYMENT);
    const { origin, index } = receiptOf(await read());
    await covered(origin, BigInt(index));
    const { body } = await request(`${system.urls.signer}/${origin}/checkpoint`);
    expect(readNote(await body.text()).signatures.map(({ name }) => name)).toEqual([origin, origin]);
    retireCheckpointKey(system.secrets);
    const next = receiptOf(await read());
    await covered(next.origin, BigInt(next.index));
    await published(`${DEPLOYMENT}/aggregate`);
  });

  test('that was killed goes on where it was, and no checkpoint contradicts another', async () => {
    const { origin } = receiptOf(await read());
    system.services.get('signer')?.kill('SIGKILL');
    await read();
    await system.restart('signer');
    const { index } = receiptOf(await read());
    const last = await covered(origin, BigInt(index));
    const rows = await reader<{ size: string; root_hash: Buffer }[]>`
      select size, root_hash from checkpoint where origin = ${origin} and size <= ${String(last.size)} order by size`;
    for (const [place, row] of rows.entries()) {
      const next = rows[place + 1];
      if (next === undefined) continue;
      const path = await consistencyPath(tilesOf(origin), BigInt(row.size), BigInt(next.size));
      const claim = {
        from: Number(row.size),
        fromRoot: row.root_hash,
        to: Number(next.size),
        toRoot: next.root_hash,
      };
      expect(verifyConsistency(claim, path)).toBe(true);
    }
    const metrics = await (await request(`${system.urls.signer}/metrics`)).body.text();
    expect(metrics.match(/^contactpoint_signer_refused_logs.* [1-9]/gm)).toBeNull();
  });
});

describe('a stop', () => {
  test('leaves nothing uncovered: the signer goes after the gateway, and signs what came last', async () => {
    await Promise.all(Array.from({ length: 20 }, read));
    await system.services.get('gateway')?.stop();
    await system.services.get('signer')?.stop();
    const uncovered = await reader`
      select origin, count(*) from leaf
      where index >= (select coalesce(max(size), 0) from checkpoint where checkpoint.origin = leaf.origin)
      group by origin`;
    expect([...uncovered]).toEqual([]);
  });
});
