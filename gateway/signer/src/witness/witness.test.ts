import { createHash, generateKeyPairSync } from 'node:crypto';
import { checkpointText } from '@contactpoint/audit-log/checkpoint';
import { EMPTY_ROOT, leafHash, MerkleTree } from '@contactpoint/audit-log/merkle';
import { readNote, writeNote } from '@contactpoint/audit-log/note-format';
import { ed25519Signer, verifiedBy, verifierOf } from '@contactpoint/audit-log/signed-note';
import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWitnessBench, type WitnessBench } from '../testing/witness-bench.ts';

const ORIGIN = 'contactpoint.example/aggregate';
const key = ed25519Signer(ORIGIN, generateKeyPairSync('ed25519').privateKey);
const strangerKey = ed25519Signer(ORIGIN, generateKeyPairSync('ed25519').privateKey);
const formerKey = ed25519Signer(ORIGIN, generateKeyPairSync('ed25519').privateKey);

const treeOf = (count: number, text = 'leaf') =>
  new MerkleTree(Array.from({ length: count }, (_, index) => leafHash(Buffer.from(`${text} ${index}`))));
const tree = treeOf(100);
/** The same at first, and another from the tenth leaf on. */
const fork = new MerkleTree([
  ...Array.from({ length: 10 }, (_, index) => leafHash(Buffer.from(`leaf ${index}`))),
  ...Array.from({ length: 90 }, (_, index) => leafHash(Buffer.from(`other ${index}`))),
]);

function noteOf(size: number, of: MerkleTree = tree, signers = [key], origin = ORIGIN): string {
  const text = checkpointText({ origin, size: BigInt(size), root: of.root(size), extensions: [] });
  return writeNote({ text, signatures: signers.map((signer) => signer.sign(text)) });
}

function bodyOf(old: number | string, note: string, proof: readonly Uint8Array[] = []): string {
  return [`old ${old}`, ...proof.map((hash) => Buffer.from(hash).toString('base64')), '', note].join('\n');
}

const growth = (from: number, to: number, of: MerkleTree = tree) =>
  bodyOf(from, noteOf(to, of), of.consistencyProof(from, to));

let bench: WitnessBench;

beforeEach(async () => {
  bench = await createWitnessBench([key.verifierKey, formerKey.verifierKey]);
});

afterEach(async () => {
  await bench[Symbol.asyncDispose]();
});

async function submit(body: string) {
  const answer = await request(`${bench.url}/add-checkpoint`, { method: 'POST', body });
  return { status: answer.statusCode, type: answer.headers['content-type'], body: await answer.body.text() };
}

describe('add-checkpoint', () => {
  test('cosigns a log from its first checkpoint on, each that extends the last', async () => {
    for (const [from, to] of [
      [0, 7],
      [7, 8],
      [8, 64],
      [64, 100],
    ] as const) {
      const { status, body } = await submit(growth(from, to));
      expect(status).toBe(200);
      const cosigned = readNote(noteOf(to) + body);
      expect(verifiedBy(cosigned, [verifierOf(bench.vkey)])).toEqual(['witness.example/w1']);
    }
  });

  test('gives another cosignature for the checkpoint that it knows', async () => {
    await submit(growth(0, 9));
    expect((await submit(bodyOf(9, noteOf(9)))).status).toBe(200);
  });

  test('tells the size that it knows to whoever does not', async () => {
    expect(await submit(growth(5, 9))).toEqual({ status: 409, type: 'text/x.tlog.size', body: '0\n' });
    await submit(growth(0, 9));
    for (const old of [0, 8, 9]) {
      const expected = old === 9 ? 200 : 409;
      expect((await submit(growth(old, 20))).status).toBe(expected);
    }
    expect(await submit(growth(9, 20))).toMatchObject({ status: 409, body: '20\n' });
    expect((await submit(bodyOf(9, noteOf(9)))).body).toBe('20\n');
  });

  test.each([
    ['nothing', '', 400],
    ['no old size', `${noteOf(9)}`, 400],
    ['an old size with a zero in front', bodyOf('09', noteOf(9)), 400],
    ['an old size below zero', bodyOf('-1', noteOf(9)), 400],
    ['64 hashes', bodyOf(0, noteOf(9), Array(64).fill(EMPTY_ROOT)), 400],
    ['a hash that is none', `old 0\nabcd\n\n${noteOf(9)}`, 400],
    ['a note without a signature', `old 0\n\n${noteOf(9).split('\n\n')[0]}\n\n`, 400],
    ['an old size above the new one', bodyOf(10, noteOf(9)), 400],
    ['another log', bodyOf(0, noteOf(9, tree, [key], 'other.example/log')), 404],
    ['the signature of a stranger', bodyOf(0, noteOf(9, tree, [strangerKey])), 403],
    ['a signature of something else', bodyOf(0, noteOf(9).replace(/^9$/m, '10')), 403],
    [
      'one good signature and one of something else',
      bodyOf(0, `${noteOf(9)}${noteOf(8, tree, [formerKey]).split('\n\n')[1]}`),
      403,
    ],
    ['a proof where none is needed', bodyOf(0, noteOf(9), [EMPTY_ROOT]), 422],
    ['an empty log with another root', bodyOf(0, noteOfEmpty(tree.root(1))), 422],
  ])('refuses %s', async (_case, body, status) => {
    expect((await submit(body)).status).toBe(status);
    expect(await submit(growth(0, 20))).toMatchObject({ status: 200 });
  });

  test('takes an empty log', async () => {
    expect((await submit(bodyOf(0, noteOfEmpty(EMPTY_ROOT)))).status).toBe(200);
    expect((await submit(growth(0, 20))).status).toBe(200);
  });

  test('looks past signatures of others, and takes either key of a log that rotates', async () => {
    expect((await submit(bodyOf(0, noteOf(9, tree, [strangerKey, key, formerKey])))).status).toBe(200);
    const next = bodyOf(9, noteOf(20, tree, [formerKey]), tree.consistencyProof(9, 20));
    expect((await submit(next)).status).toBe(200);
  });

  test.each([
    ['a larger tree that is another', () => growth(20, 40, fork)],
    [
      'a larger tree with a proof of another size',
      () => bodyOf(20, noteOf(40), tree.consistencyProof(19, 40)),
    ],
    ['a larger tree without a proof', () => bodyOf(20, noteOf(40))],
    ['the same size with another root', () => bodyOf(20, noteOf(20, fork))],
    ['the same size with a proof', () => bodyOf(20, noteOf(20), [EMPTY_ROOT])],
  ])('never cosigns %s', async (_case, body) => {
    await submit(growth(0, 20));
    expect((await submit(body())).status).toBe(422);
    expect((await submit(growth(20, 40))).status).toBe(200);
  });

  test('remembers over a restart, and knows a fork when it sees one', async () => {
    await submit(growth(0, 20));
    await bench.restart();
    expect((await submit(growth(0, 20, fork))).status).toBe(409);
    expect(bench.forks).toEqual([ORIGIN]);
    expect((await submit(growth(20, 40, fork))).status).toBe(422);
    expect((await submit(growth(20, 21))).status).toBe(200);
  });

  test('of many at once cosigns one line of growth', async () => {
    await submit(growth(0, 10));
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, (_, more) => submit(growth(10, 11 + more))),
      ...Array.from({ length: 10 }, (_, more) => submit(growth(10, 11 + more, fork))),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
  });

  test('takes no body without measure', async () => {
    expect((await submit(bodyOf(0, noteOf(9)) + 'x'.repeat(100_000))).status).toBe(413);
  });
});

describe('the checkpoint for monitors', () => {
  const address = () => `${bench.url}/${createHash('sha256').update(ORIGIN).digest('hex')}/checkpoint`;

  test('is the last one cosigned, under both signatures', async () => {
    expect((await request(address())).statusCode).toBe(404);
    await submit(growth(0, 20));
    const note = readNote(await (await request(address())).body.text());
    expect(note.text).toBe(readNote(noteOf(20)).text);
    const verifiers = [verifierOf(bench.vkey), verifierOf(key.verifierKey)];
    expect(verifiedBy(note, verifiers)).toEqual([ORIGIN, 'witness.example/w1']);
  });
});

function noteOfEmpty(root: Uint8Array): string {
  const text = checkpointText({ origin: ORIGIN, size: 0n, root, extensions: [] });
  return writeNote({ text, signatures: [key.sign(text)] });
}
