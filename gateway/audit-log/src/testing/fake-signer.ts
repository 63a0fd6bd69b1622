import { generateKeyPairSync } from 'node:crypto';
import postgres from 'postgres';
import { checkpointText } from '../checkpoint.ts';
import { type LogKeys, readLogKeys } from '../log-keys.ts';
import { writeNote } from '../note-format.ts';
import { createPostgresTiles } from '../postgres-tiles.ts';
import { ed25519Signer } from '../signed-note.ts';
import { treeRoot } from '../tiled-tree.ts';

/** What the signer leaves in the database, under a key of its own: for tests of what waits for it. */
export interface FakeSigner extends AsyncDisposable {
  /** Its key, as a file names it for every log of these deployments. */
  keysOf(deployment: string): LogKeys;
  /** One round: a checkpoint over what a log holds, where it grew, and a beat. */
  sign(origin: string): Promise<void>;
  /** A beat, and no checkpoint. */
  beat(): Promise<void>;
}

export function fakeSigner(signerUrl: string): FakeSigner {
  const sql = postgres(signerUrl, { max: 1 });
  const { privateKey } = generateKeyPairSync('ed25519');
  const beat = async () => {
    await sql`update signer_beat set beat = beat + 1, at = clock_timestamp()`;
  };
  return {
    keysOf: (deployment) => readLogKeys(ed25519Signer(deployment, privateKey).verifierKey),
    beat,
    async sign(origin) {
      const [leaves] = await sql<{ count: string }[]>`select count(index) from leaf where origin = ${origin}`;
      const size = BigInt(leaves?.count ?? 0);
      const root = await treeRoot(createPostgresTiles(sql, origin), size);
      const text = checkpointText({ origin, size, root, extensions: [] });
      const note = writeNote({ text, signatures: [ed25519Signer(origin, privateKey).sign(text)] });
      await sql`
        insert into checkpoint (origin, size, root_hash, signed_note)
        values (${origin}, ${String(size)}, ${root}, ${note})
        on conflict do nothing`;
      await beat();
    },
    [Symbol.asyncDispose]: () => sql.end(),
  };
}
