import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leafHash, MerkleTree } from './merkle.ts';
import { createPostgresTiles } from './postgres-tiles.ts';
import { createAuditDatabase, type TestAuditDatabase } from './testing/audit-database.ts';
import { foldHashes, inclusionPath, MissingTileError, treeRoot } from './tiled-tree.ts';

const LEAVES = 66_100;
const tree = new MerkleTree();

let database: TestAuditDatabase;
let owner: postgres.Sql;
let signer: postgres.Sql;

beforeAll(async () => {
  database = await createAuditDatabase();
  owner = postgres(database.ownerUrl, { max: 1 });
  signer = postgres(database.signerUrl, { max: 1 });
  for (let index = 0; index < LEAVES; index++) tree.append(leafHash(Buffer.from(String(index))));
  await owner`
    insert into leaf (origin, index, at, leaf, leaf_hash)
    select 'a', n, now(), convert_to(n::text, 'UTF8'), sha256('\\x00'::bytea || convert_to(n::text, 'UTF8'))
    from generate_series(0, ${LEAVES - 1}::int) n where n <> 700`;
});

afterAll(async () => {
  await Promise.all([owner.end(), signer.end()]);
  await database[Symbol.asyncDispose]();
});

const root = (size: number) => Buffer.from(tree.root(size));

describe('createPostgresTiles', () => {
  test('makes tiles of what the leaves hash to, for a role that cannot read a leaf', async () => {
    const tiles = createPostgresTiles(signer, 'a');
    for (const size of [1, 255, 256, 257, 700])
      expect(Buffer.from(await treeRoot(tiles, BigInt(size)))).toEqual(root(size));
  });

  test('does not read past a hole, and names it', async () => {
    const whole = treeRoot(createPostgresTiles(signer, 'a'), 800n);
    await expect(whole).rejects.toThrow(new MissingTileError('The log a lacks leaf 700'));
  });

  test('takes no leaf that stands twice, be it the last one', async () => {
    for (const at of ['2026-01-01', '2026-01-02'])
      await owner`
        insert into leaf (origin, index, at, leaf, leaf_hash) values ('twice', 0, ${at}, '0', sha256('\\x00'::bytea || '0'))`;
    const root = treeRoot(createPostgresTiles(signer, 'twice'), 1n);
    await expect(root).rejects.toThrow(new MissingTileError('The log twice holds leaf 0 more than once'));
  });

  test('takes the tiles that are kept before it makes any, and parts of them', async () => {
    await owner`
      insert into leaf (origin, index, at, leaf, leaf_hash)
      values ('a', 700, now(), '700', sha256('\\x00'::bytea || '700'))`;
    const tiles = createPostgresTiles(signer, 'a');
    expect(Buffer.from(await treeRoot(tiles, BigInt(LEAVES)))).toEqual(root(LEAVES));
    for (let index = 0n; index < 256n; index++) {
      const hashes = await tiles.tile(0, index, 256);
      await signer`insert into tile values ('a', 0, ${String(index)}, ${hashes})`;
    }
    await signer`insert into tile values ('a', 1, 0, ${await tiles.tile(1, 0n, 256)})`;
    expect(foldHashes(await tiles.tile(1, 0n, 256))).toEqual(await tiles.tile(2, 0n, 1));
    await owner`alter table leaf disable trigger append_only`;
    await owner`delete from leaf where origin = 'a' and index < 65536`;
    await owner`alter table leaf enable trigger append_only`;
    for (const size of [LEAVES, 65_536, 65_535, 300])
      expect(Buffer.from(await treeRoot(tiles, BigInt(size)))).toEqual(root(size));
    const path = await inclusionPath(tiles, 700n, BigInt(LEAVES));
    expect(path.map((hash) => Buffer.from(hash))).toEqual(
      tree.inclusionProof(700, LEAVES).map((hash) => Buffer.from(hash)),
    );
  });

  test('serves the log of all logs as well', async () => {
    for (let index = 0; index < 3; index++)
      await signer`
        insert into aggregate_leaf values
        ('a/aggregate', ${index}, ${Buffer.from(String(index))}, ${leafHash(Buffer.from(String(index)))})`;
    const tiles = createPostgresTiles(signer, 'a/aggregate', 'aggregate_leaf');
    expect(Buffer.from(await treeRoot(tiles, 3n))).toEqual(root(3));
  });
});
