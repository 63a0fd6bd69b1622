import { isAggregate } from '@contactpoint/audit-log/origin';
import { TILE_WIDTH } from '@contactpoint/audit-log/tile-path';
import { Frontier } from '@contactpoint/audit-verifier/frontier';
import type { SampleDeployment, SampleLog } from '@contactpoint/audit-verifier/testing/sample-deployment';
import { TileBuilder } from '@contactpoint/audit-verifier/tile-builder';
import postgres from 'postgres';

/** Keeps a sample in a prepared audit database as gateway and signer would have, full tiles included. */
export async function storeSample(ownerUrl: string, sample: SampleDeployment): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    for (const log of sample.logs) await storeLog(sql, log);
  } finally {
    await sql.end();
  }
}

async function storeLog(sql: postgres.Sql, log: SampleLog): Promise<void> {
  const { origin, notes } = log;
  const rows = log.leaves.map((leaf, index) => ({
    origin,
    index,
    leaf: bytes(leaf),
    leaf_hash: bytes(log.hashes[index]),
  }));
  const at = new Date();
  if (isAggregate(origin)) await sql`insert into aggregate_leaf ${sql(rows)}`;
  else await sql`insert into leaf ${sql(rows.map((row) => ({ ...row, at })))}`;
  for (const note of notes) {
    const [, size = '', root = ''] = note.split('\n');
    // What a witness signed stands in a table of its own.
    const [own, ...witnesses] = note
      .slice(note.indexOf('\n\n') + 2)
      .split('\n')
      .slice(0, -1);
    const signed = `${note.slice(0, note.indexOf('\n\n') + 2)}${own}\n`;
    await sql`
      insert into checkpoint (origin, size, root_hash, signed_note)
      values (${origin}, ${size}, ${Buffer.from(root, 'base64')}, ${signed})`;
    for (const line of witnesses) {
      const [, witness = ''] = line.split(' ');
      await sql`insert into cosignature (origin, size, witness, line) values (${origin}, ${size}, ${witness}, ${`${line}\n`})`;
    }
  }
  await storeTiles(sql, log);
}

async function storeTiles(sql: postgres.Sql, { origin, hashes }: SampleLog): Promise<void> {
  const frontier = new Frontier();
  const tiles = new TileBuilder();
  for (const hash of hashes) {
    tiles.add(0, hash);
    frontier.append(hash, (height, subtree) => tiles.add(height, subtree));
    if (!tiles.hasFull) continue;
    for (const tile of tiles.takeFull()) {
      await sql`
        insert into tile (origin, level, index, hashes)
        values (${origin}, ${tile.level}, ${tile.index}, ${Buffer.from(tile.hashes.slice(0, TILE_WIDTH * 32))})`;
    }
  }
}

function bytes(value: Uint8Array | undefined): Buffer | null {
  return value === undefined ? null : Buffer.from(value);
}
