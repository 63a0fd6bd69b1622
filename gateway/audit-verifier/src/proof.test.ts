import { readLogKeys, readWitnessKeys } from '@contactpoint/audit-log/log-keys';
import { MerkleTree } from '@contactpoint/audit-log/merkle';
import { TILE_WIDTH } from '@contactpoint/audit-log/tile-path';
import type { TileSource } from '@contactpoint/audit-log/tiled-tree';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkProof, ProofError } from './check-proof.ts';
import { proveLeaf } from './prove.ts';
import { makeSample, type SampleLog } from './testing/sample-deployment.ts';

const sample = makeSample([{ instance: 'gateway-1', leaves: 300, checkpoints: [1, 256, 300] }]);
const log = sample.log('gateway-1');
const keys = readLogKeys(sample.keys);

async function prove(
  of: SampleLog,
  index: number,
  { note = of.notes.length - 1, withLeaf = false } = {},
): Promise<string> {
  const leaf = of.leaves[index];
  return await proveLeaf({
    index,
    leafHash: of.hashes[index] as Uint8Array,
    ...(withLeaf && leaf !== undefined ? { leaf } : {}),
    checkpoint: of.notes[note] as string,
    tiles: tilesOf(of),
  });
}

/** Level 0 is the leaf hashes; above it, heads of full tiles. */
function tilesOf({ hashes }: SampleLog): TileSource {
  return {
    async tile(level, index, width) {
      const span = TILE_WIDTH ** level;
      const first = Number(index) * TILE_WIDTH;
      const nodes = Array.from({ length: width }, (_, place) =>
        new MerkleTree(hashes.slice((first + place) * span, (first + place + 1) * span)).root(),
      );
      return Buffer.concat(nodes);
    },
  };
}

describe('a proof', () => {
  test('of any leaf holds with the public key alone, under any checkpoint that covers it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(299), fc.nat(2), fc.boolean(), async (index, note, withLeaf) => {
        const size = [1, 256, 300][note] as number;
        fc.pre(index < size);
        const proven = checkProof(await prove(log, index, { note, withLeaf }), keys);
        expect(proven).toMatchObject({ origin: log.origin, index, size });
        expect(Buffer.compare(proven.leafHash, log.hashes[index] as Uint8Array)).toBe(0);
        expect(proven.leaf && Buffer.from(proven.leaf)).toEqual(withLeaf ? log.leaves[index] : undefined);
      }),
    );
  });

  test('shows nothing of the leaf unless it is to', async () => {
    const leaf = Buffer.from(log.leaves[7] as Uint8Array).toString();
    const nonce = /"nonce":"(\w+)"/.exec(leaf)?.[1] ?? '';
    const decoded = (proof: string) =>
      proof
        .split('\n')
        .map((line) => Buffer.from(line.replace(/^extra /, ''), 'base64').toString())
        .join();
    expect(decoded(await prove(log, 7))).not.toContain(nonce);
    expect(decoded(await prove(log, 7, { withLeaf: true }))).toContain(nonce);
  });

  test('of which any character was changed does not hold', async () => {
    const proof = await prove(log, 7, { withLeaf: true });
    await fc.assert(
      fc.property(fc.nat(proof.length - 1), (at) => {
        const other = proof[at] === 'A' ? 'B' : 'A';
        const changed = proof.slice(0, at) + other + proof.slice(at + 1);
        expect(() => checkProof(changed, keys)).toThrow(ProofError);
      }),
      { numRuns: 300 },
    );
  });

  test('of another index, or of another key, does not hold', async () => {
    const proof = await prove(log, 7);
    expect(() => checkProof(proof.replace('index 7', 'index 8'), keys)).toThrow(/path/);
    expect(() => checkProof(proof, readLogKeys(makeSample([]).keys))).toThrow(/not signed/);
  });

  test('of a leaf that no checkpoint covers is not made', async () => {
    await expect(prove(log, 256, { note: 1 })).rejects.toThrow(RangeError);
  });

  test('names the witnesses that signed its tree', async () => {
    const witnesses = readWitnessKeys(sample.witnessKeys);
    const proof = await prove(sample.aggregate, 1);
    expect(checkProof(proof, keys, witnesses).witnesses).toEqual(['witness.example']);
    expect(checkProof(proof, keys).witnesses).toEqual([]);
  });

  test.each([
    ['another header', 'c2sp.org/tlog-proof@v2\nindex 0\n\nx'],
    ['no index', 'c2sp.org/tlog-proof@v1\n\nx'],
    ['an index with a zero before it', 'c2sp.org/tlog-proof@v1\nindex 01\n\nx'],
    ['no checkpoint', 'c2sp.org/tlog-proof@v1\nindex 0\n'],
    ['nothing', ''],
  ])('is not what has %s', (_what, text) => {
    expect(() => checkProof(text, keys)).toThrow(ProofError);
  });
});
