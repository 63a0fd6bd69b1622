import { MerkleTree } from '@contactpoint/audit-log/merkle';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkShownProof, type ShownProof, type ShownProofError } from './check-shown-proof.ts';
import { makeSample } from './testing/sample-deployment.ts';

const sample = makeSample([{ instance: 'gateway-1', leaves: 300, checkpoints: [1, 256, 300] }]);
const log = sample.log('gateway-1');
const tree = new MerkleTree(log.hashes);
const SIZES = [1, 256, 300];

const base64 = (hash: Uint8Array | undefined) => Buffer.from(hash ?? []).toString('base64');

function shown(index: number, note = 2): ShownProof {
  return {
    origin: log.origin,
    index: String(index),
    leafHash: base64(log.hashes[index]),
    path: tree.inclusionProof(index, SIZES[note]).map(base64),
    checkpoint: { signedNote: log.notes[note] as string },
  };
}

/** @returns What does not hold; undefined where the proof does. */
async function faultOf(proof: ShownProof, claim: object = {}): Promise<string | undefined> {
  const given = { origin: log.origin, index: '7', keys: sample.keys, ...claim };
  return await checkShownProof(proof, given).then(
    () => undefined,
    (cause: ShownProofError) => cause.fault,
  );
}

describe('a proof that a page was shown', () => {
  test('of any leaf holds by Web Cryptography, under any checkpoint that covers it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(299), fc.nat(2), async (index, note) => {
        fc.pre(index < (SIZES[note] as number));
        const claim = { origin: log.origin, index: String(index), keys: sample.keys };
        expect(await checkShownProof(shown(index, note), claim)).toEqual({
          ...{ origin: log.origin, index: String(index) },
          ...{ leafHash: base64(log.hashes[index]), size: BigInt(SIZES[note] as number) },
        });
      }),
      { numRuns: 40 },
    );
  });

  test('of which any byte of leaf or path was changed does not lead to the head', async () => {
    const proof = shown(7);
    const flipped = (hash: string, at: number) => {
      const bytes = Buffer.from(hash, 'base64');
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return base64(bytes);
    };
    await fc.assert(
      fc.asyncProperty(fc.nat(proof.path.length), fc.nat(31), async (which, at) => {
        const changed =
          which === 0
            ? { ...proof, leafHash: flipped(proof.leafHash, at) }
            : {
                ...proof,
                path: proof.path.map((hash, place) => (place === which - 1 ? flipped(hash, at) : hash)),
              };
        expect(await faultOf(changed)).toBe('PATH');
      }),
      { numRuns: 60 },
    );
  });

  test.each<[string, string, () => [ShownProof, object?]]>([
    ['of another event', 'OTHER_EVENT', () => [shown(8)]],
    ['of another event under this index', 'PATH', () => [{ ...shown(8), index: '7' }]],
    ['of another log', 'OTHER_EVENT', () => [shown(7), { origin: 'elsewhere.example/gateway-1/1' }]],
    [
      'under a checkpoint that does not cover it',
      'PATH',
      () => [{ ...shown(7), path: [], checkpoint: { signedNote: log.notes[0] as string } }],
    ],
    ['with a hash too few', 'PATH', () => [{ ...shown(7), path: shown(7).path.slice(1) }]],
    ['with a hash too many', 'PATH', () => [{ ...shown(7), path: [...shown(7).path, shown(7).leafHash] }]],
    ['with a hash that is none', 'UNREADABLE', () => [{ ...shown(7), leafHash: 'AAAA' }]],
    ['without a checkpoint', 'UNREADABLE', () => [{ ...shown(7), checkpoint: { signedNote: 'none' } }]],
    [
      'under a head that nobody signed',
      'SIGNATURE',
      () => [
        { ...shown(7), checkpoint: { signedNote: (log.notes[2] as string).replace('\n300\n', '\n299\n') } },
      ],
    ],
    ['where there is no key', 'NO_KEY', () => [shown(7), { keys: '# none\n' }]],
    [
      'where the key is another’s',
      'SIGNATURE',
      () => [shown(7), { keys: makeSample([{ instance: 'gateway-1', leaves: 1, checkpoints: [1] }]).keys }],
    ],
  ])('%s: %s', async (_case, fault, given) => {
    const [proof, claim] = given();
    expect(await faultOf(proof, claim)).toBe(fault);
  });
});
