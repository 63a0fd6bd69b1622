import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ed25519Signer } from '@contactpoint/audit-log/signed-note';
import { createAuditDatabase, type TestAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import { type FakeSigner, fakeSigner } from '@contactpoint/audit-log/testing/fake-signer';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openKnownKeys } from './known-keys.ts';
import { recordReading } from './record-reading.ts';
import { openRetentionLog } from './retention-log.ts';

const DEPLOYMENT = 'contactpoint.test';
/** Milliseconds, for a machine that is busy with other things. */
const PATIENCE = 4_000;

let database: TestAuditDatabase;
let signer: FakeSigner;
let stranger: FakeSigner;

beforeAll(async () => {
  database = await createAuditDatabase();
  signer = fakeSigner(database.signerUrl);
  stranger = fakeSigner(database.signerUrl);
});
afterAll(async () => {
  await signer[Symbol.asyncDispose]();
  await stranger[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const read = (by: FakeSigner, patience = 20_000) =>
  recordReading(
    { practitioner: 'p-auditor', reason: 'review of the log', purpose: 'AUD', operation: 'AuditExport' },
    {
      ...{ writerUrl: database.writerUrl, deployment: DEPLOYMENT, allowUnsafeServer: true, patience },
      keys: () => by.keysOf(DEPLOYMENT),
    },
  );
const prune = async (by: FakeSigner, patience = 20_000) => {
  const log = await openRetentionLog({
    ...{ url: database.writerUrl, deployment: DEPLOYMENT, allowUnsafeServer: true, patience },
    keys: () => by.keysOf(DEPLOYMENT),
  });
  await log.close();
};

async function lastOf(instance: string): Promise<string> {
  const sql = postgres(database.readerUrl, { max: 1 });
  const [row] = await sql<{ origin: string }[]>`
    select origin from writer_session where origin like ${`%/${instance}/%`} order by number desc limit 1`;
  await sql.end();
  return row?.origin ?? '';
}

describe('a command that writes a log of its own', () => {
  test.each([
    ['export', read],
    ['retention', prune],
  ])(
    'begins the first one of %s, and follows no other that its signer has not signed',
    async (instance, run) => {
      await run(signer);
      const first = await lastOf(instance);
      await expect(run(signer, PATIENCE)).rejects.toThrow(/holds \d leaves, and checkpoints cover 0/);
      await stranger.sign(first);
      await expect(run(signer, PATIENCE)).rejects.toThrow(
        `The last checkpoint of the former log ${first} is not signed by a known key`,
      );
      // The control: whoever has the stranger's key goes on.
      await run(stranger);
      expect(await lastOf(instance)).not.toBe(first);
    },
  );
});

describe('keys of checkpoints', () => {
  const folder = mkdtempSync(join(tmpdir(), 'contactpoint-known-keys-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const vkey = () => ed25519Signer(DEPLOYMENT, generateKeyPairSync('ed25519').privateKey).verifierKey;
  const known = (keys: ReturnType<typeof openKnownKeys>) =>
    keys().verifiersOf(`${DEPLOYMENT}/aggregate`).length;

  test('that are nowhere, or none, are named with the file', () => {
    expect(() => openKnownKeys(folder, {})).toThrow(`${folder}/audit-keys.txt cannot be used (ENOENT)`);
    expect(() => openKnownKeys(folder, { AUDIT_KEYS_FILE: '/dev/null' })).toThrow(
      '/dev/null cannot be used (there is no key in it)',
    );
  });

  test('are read again each time, and stay what they were while the file cannot be read', () => {
    const file = join(folder, 'audit-keys.txt');
    writeFileSync(file, `${vkey()}\n`);
    const keys = openKnownKeys(folder, {});
    expect(known(keys)).toBe(1);
    writeFileSync(file, `${vkey()}\n${vkey()}\n`);
    expect(known(keys)).toBe(2);
    writeFileSync(file, 'half a key');
    expect(known(keys)).toBe(2);
  });
});
