import { MerkleTree, verifyInclusion } from '@contactpoint/audit-log/merkle';
import { forgetLeaves } from '@contactpoint/audit-log/testing/forget-leaves';
import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOversight, type TestOversight } from '../testing/oversight.ts';

const PROOF = `query ($origin: String!, $index: String!) {
  inclusionProof(origin: $origin, index: $index) { index leafHash path checkpoint { size rootHash signedNote } } }`;
const AGGREGATE = 'contactpoint.test/aggregate';

let oversight: TestOversight;
let owner: Store;

beforeAll(async () => {
  oversight = await startOversight();
  owner = connect(oversight.database.ownerUrl, { max: 1 });
});
afterAll(async () => {
  await owner?.end();
  await oversight?.[Symbol.asyncDispose]();
});

const checkpoint = (origin: string, size: number, root: Uint8Array, note = 'note\n') =>
  owner`insert into checkpoint (origin, size, root_hash, signed_note)
    values (${origin}, ${size}, ${Buffer.from(root)}, ${note})`;
const prove = (origin: string, index: number) => oversight.ask(PROOF, { origin, index: String(index) });
const bytes = (text: string) => Buffer.from(text, 'base64');

async function hashes(): Promise<Uint8Array[]> {
  const rows = await owner<{ hash: Uint8Array }[]>`
    select leaf_hash as hash from leaf where origin = ${oversight.log.origin} order by index`;
  return rows.map(({ hash }) => hash);
}

describe('checkpoints and proofs', () => {
  test('there are none before the first', async () => {
    const { origin, index } = await oversight.record();
    expect((await oversight.ask('{ checkpoints { origin } }')).data.checkpoints).toBeNull();
    expect((await prove(origin, Number(index))).data.inclusionProof).toBeNull();
  });

  test('every leaf is proven against the latest checkpoint of its log, as its witnesses cosigned it', async () => {
    const { origin } = oversight.log;
    await Promise.all(Array.from({ length: 600 }, () => oversight.record()));
    const tree = new MerkleTree(await hashes());
    const signed = `${origin}\n600\nroot\n\n— ${origin} own\n`;
    await checkpoint(origin, 300, tree.root(300));
    await checkpoint(origin, 600, tree.root(600), signed);
    await owner`insert into cosignature (origin, size, witness, line) values
      (${origin}, 600, 'w2.example', ${'— w2.example two\n'}), (${origin}, 600, 'w1.example', ${'— w1.example one\n'}),
      (${origin}, 300, 'w1.example', ${'— w1.example old\n'})`;

    for (const index of [0, 1, 255, 256, 511, 598, 599]) {
      const { leafHash, path, checkpoint: head } = (await prove(origin, index)).data.inclusionProof;
      expect(head).toMatchObject({
        size: '600',
        signedNote: `${signed}— w1.example one\n— w2.example two\n`,
      });
      const claim = { index, size: 600, leafHash: bytes(leafHash), root: bytes(head.rootHash) };
      expect(verifyInclusion(claim, path.map(bytes))).toBe(true);
    }
  });

  test('an event that no checkpoint covers has no proof yet; one that there is not is refused', async () => {
    const { origin, index } = await oversight.record();
    const uncovered = await prove(origin, Number(index));
    expect([uncovered.data.inclusionProof, uncovered.errors]).toEqual([null, undefined]);
    for (const [log, leaf] of [
      [origin, Number(index) + 1],
      ['contactpoint.test/nobody/00', 0],
    ] as const) {
      const { data, errors } = await prove(log, leaf);
      expect(data.inclusionProof).toBeNull();
      expect(errors?.[0]?.extensions).toEqual({
        code: 'BAD_USER_INPUT',
        argument: 'index',
        problem: 'UNKNOWN',
      });
    }
  });

  test('a leaf that was pruned is proven like every other', async () => {
    const { origin } = oversight.log;
    const before = (await prove(origin, 7)).data;
    await forgetLeaves(owner, origin, [7]);
    const [left] =
      await owner`select leaf is null as pruned from leaf where origin = ${origin} and index = 7`;
    expect(left).toEqual({ pruned: true });
    expect((await prove(origin, 7)).data).toEqual(before);
  });

  test('the latest of each log is given, and a statement is bound by that of all logs', async () => {
    const root = Buffer.alloc(32, 1);
    for (const [origin, size] of [
      ['contactpoint.test/gateway-2/00', 5],
      [AGGREGATE, 8],
      [AGGREGATE, 9],
      ['contactpoint.test/gateway-2/00', 6],
    ] as const)
      await checkpoint(origin, size, root);
    const { data } = await oversight.ask(`{ checkpoints { origin size }
      accessStatement(childId: "0000000000000000") { checkpoint { origin size } } }`);
    expect(data.checkpoints).toEqual(
      [
        { origin: AGGREGATE, size: '9' },
        { origin: oversight.log.origin, size: '600' },
        { origin: 'contactpoint.test/gateway-2/00', size: '6' },
      ].sort((one, other) => (one.origin < other.origin ? -1 : 1)),
    );
    expect(data.accessStatement.checkpoint).toEqual({ origin: AGGREGATE, size: '9' });
  });

  test('of a log that was changed since the proof does not lead to the head', async () => {
    const { origin } = oversight.log;
    const isProven = async (index: number) => {
      const { leafHash, path, checkpoint: head } = (await prove(origin, index)).data.inclusionProof;
      const bytes = (base64: string) => Buffer.from(base64, 'base64');
      const claim = { index, size: Number(head.size), leafHash: bytes(leafHash), root: bytes(head.rootHash) };
      return verifyInclusion(claim, path.map(bytes));
    };
    expect(await isProven(11)).toBe(true);
    await owner`set session_replication_role = replica`;
    await owner`
      update leaf set leaf = changed, leaf_hash = sha256('\\x00'::bytea || changed)
      from (select set_byte(leaf, 100, get_byte(leaf, 100) # 1) as changed from leaf
        where origin = ${origin} and index = 11) as other
      where origin = ${origin} and index = 11`;
    await owner`set session_replication_role = origin`;
    // Neither the leaf's own proof nor that of any other.
    expect(await isProven(11)).toBe(false);
    expect(await isProven(12)).toBe(false);
  });

  test('there is none where leaves are gone that the checkpoint counts', async () => {
    await checkpoint(oversight.log.origin, 5_000, Buffer.alloc(32));
    for (const index of [4, 4_000]) {
      const { errors } = await prove(oversight.log.origin, index);
      expect(errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    }
  });
});
