import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readCheckpointKeys } from './checkpoint-keys.ts';
import { requireKnownLogs } from './known-logs.ts';
import { SignedState } from './signed-state.ts';
import type { SignerSession } from './signer-session.ts';
import { appendLeaves, createSigningBench, DEPLOYMENT, type SigningBench } from './testing/signing-bench.ts';

let bench: SigningBench;

beforeEach(async () => {
  bench = await createSigningBench();
});

afterEach(async () => {
  await bench[Symbol.asyncDispose]();
});

async function signedLog(count: number) {
  const log = await bench.boot();
  const { rounds, session } = await bench.start();
  await appendLeaves(log, count);
  await rounds.run(true);
  await session.close();
  return log;
}

function requireLogs(session: SignerSession, adopt: boolean) {
  const state = SignedState.open(bench.folder);
  return requireKnownLogs({ session, state, keys: bench.keys, deployment: DEPLOYMENT, adopt });
}

const loseFolder = () => rmSync(bench.folder, { recursive: true });

describe('a signer that starts', () => {
  test('for the first time, over logs that were never signed, needs no leave', async () => {
    await appendLeaves(await bench.boot(), 3);
    const { session } = await bench.start();
    expect(await requireLogs(session, false)).toBe(0);
  });

  test('with its folder needs none either', async () => {
    await signedLog(3);
    const { session } = await bench.start();
    expect(await requireLogs(session, false)).toBe(0);
  });

  test('without its folder refuses, and says what can be done', async () => {
    const { origin } = await signedLog(3);
    loseFolder();
    const { session } = await bench.start();
    await expect(requireLogs(session, false)).rejects.toThrow(/SIGNER_STATE does not remember.*--adopt/);
    expect(await bench.checkpoints(origin)).toHaveLength(1);
  });

  test('with an old copy of its folder refuses as well', async () => {
    const log = await signedLog(3);
    const old = SignedState.open(bench.folder).get(log.origin)?.signed;
    await appendLeaves(log, 3);
    const { session, rounds } = await bench.start();
    await rounds.run(true);
    loseFolder();
    await SignedState.open(bench.folder).keep(old === undefined ? [] : [old]);
    await expect(requireLogs(session, false)).rejects.toThrow(/SIGNER_STATE does not remember/);
  });

  test('told to adopt believes what it signed itself, and goes on from there', async () => {
    const log = await signedLog(300);
    loseFolder();
    const { session } = await bench.start();
    expect(await requireLogs(session, true)).toBe(2);
    await session.close();
    const { rounds } = await bench.start();
    await appendLeaves(log, 2);
    expect((await rounds.run(true)).refused).toEqual([]);
    expect((await bench.checkpoints(log.origin)).map(({ size }) => size)).toEqual([300, 302]);
  });

  test('adopts nothing that another key signed', async () => {
    const { origin } = await signedLog(3);
    loseFolder();
    await bench.owner`insert into checkpoint (origin, size, root_hash, signed_note)
      values (${origin}, 9, sha256('x'), ${`${origin}\n9\n${Buffer.alloc(32).toString('base64')}\n\n— ${origin} AAAAAAAA\n`})`;
    const { session } = await bench.start();
    await expect(requireLogs(session, true)).rejects.toThrow(/cannot adopt .* no key of ours/);
  });

  test('adopts no history that contradicts what it still remembers', async () => {
    const { origin } = await signedLog(3);
    const root = Buffer.alloc(32, 1);
    const { note } = bench.keys.sign({ origin, size: 9n, root });
    await bench.owner`insert into checkpoint (origin, size, root_hash, signed_note) values (${origin}, 9, ${root}, ${note})`;
    await bench.owner.unsafe(
      `set session_replication_role = replica;
       update leaf set leaf = 'forged', leaf_hash = sha256('\\x00'::bytea || 'forged') where index = 0; reset all`,
    );
    const { session } = await bench.start();
    await expect(requireLogs(session, true)).rejects.toThrow(
      /cannot adopt .* contradicts what is remembered/,
    );
  });
});

describe('the keys of checkpoints', () => {
  test('that others may read are refused, as is anything else', () => {
    chmodSync(bench.keyFile, 0o640);
    expect(() => readCheckpointKeys(bench.keyFile, undefined)).toThrow(
      /CHECKPOINT_KEY_FILE names a file that others/,
    );
    writeFileSync(bench.keyFile, 'secret-word');
    chmodSync(bench.keyFile, 0o600);
    expect(() => readCheckpointKeys(bench.keyFile, undefined)).toThrow(/holds no Ed25519 key/);
    expect(() => readCheckpointKeys(`${bench.keyFile}.none`, undefined)).toThrow(/cannot be read as a key/);
  });
});
