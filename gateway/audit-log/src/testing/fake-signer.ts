import postgres from 'postgres';
import { createPostgresTiles } from '../postgres-tiles.ts';
import { treeRoot } from '../tiled-tree.ts';

/** What the signer leaves in the database, without a key: for tests of what waits for it. */
export interface FakeSigner extends AsyncDisposable {
  /** One round: a checkpoint over what a log holds, where it grew, and a beat. */
  sign(origin: string): Promise<void>;
  /** A beat, and no checkpoint. */
  beat(): Promise<void>;
}

export function fakeSigner(signerUrl: string): FakeSigner {
  const sql = postgres(signerUrl, { max: 1 });
  const beat = async () => {
    await sql`update signer_beat set beat = beat + 1, at = clock_timestamp()`;
  };
  return {
    beat,
    async sign(origin) {
      const [leaves] = await sql<{ count: string }[]>`select count(index) from leaf where origin = ${origin}`;
      const size = BigInt(leaves?.count ?? 0);
      const root = await treeRoot(createPostgresTiles(sql, origin), size);
      await sql`
        insert into checkpoint (origin, size, root_hash, signed_note)
        values (${origin}, ${String(size)}, ${root}, 'not signed')
        on conflict do nothing`;
      await beat();
    },
    [Symbol.asyncDispose]: () => sql.end(),
  };
}
