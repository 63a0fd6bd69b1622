import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { originOf } from '@contactpoint/audit-log/origin';
import { openPostgresLog } from '@contactpoint/audit-log/postgres-log';
import { createAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import { openDatedLog } from '@contactpoint/audit-log/testing/dated-log';
import postgres from 'postgres';
import { type CheckpointKeys, readCheckpointKeys } from '../checkpoint-keys.ts';
import { Rounds } from '../rounds.ts';
import { SignedState } from '../signed-state.ts';
import { SignerSession } from '../signer-session.ts';

export const DEPLOYMENT = 'test.example';

/** An audit database with writers and a signer's folder, for one test. */
export interface SigningBench extends AsyncDisposable {
  readonly url: string;
  readonly folder: string;
  readonly keyFile: string;
  readonly keys: CheckpointKeys;
  /** As superuser: what a signer has to expect of a database. */
  readonly owner: postgres.Sql;
  /** Opens the log of a new boot; with a clock, one whose leaves a server has dated that goes by it. */
  boot(instance?: string, clock?: () => Date): Promise<AuditLog>;
  /** A new session and what the folder remembers: a signer that was just started. */
  start(clock?: () => Date): Promise<{ readonly session: SignerSession; readonly rounds: Rounds }>;
  checkpoints(origin: string): Promise<readonly PublishedCheckpoint[]>;
}

export interface PublishedCheckpoint {
  readonly size: number;
  readonly root: Buffer;
  readonly note: string;
}

export async function createSigningBench(): Promise<SigningBench> {
  const database = await createAuditDatabase();
  const place = mkdtempSync(join(tmpdir(), 'contactpoint-signer-'));
  const keyFile = join(place, 'key.pem');
  writeFileSync(keyFile, newKeyPem(), { mode: 0o600 });
  const folder = join(place, 'state');
  const keys = readCheckpointKeys(keyFile, undefined);
  const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => undefined });
  const logs: AuditLog[] = [];
  const sessions: SignerSession[] = [];
  return {
    url: database.signerUrl,
    folder,
    keyFile,
    keys,
    owner,
    async boot(instance = 'gateway-1', clock?: () => Date) {
      const boot = { at: new Date(), random: randomBytes(8).toString('hex') };
      const origin = originOf({ deployment: DEPLOYMENT, instance, boot });
      const log =
        clock === undefined
          ? await openPostgresLog({ url: database.writerUrl, origin, allowUnsafeServer: true })
          : await openDatedLog(database.ownerUrl, origin, clock);
      logs.push(log);
      return log;
    },
    async start(clock = () => new Date()) {
      const session = await SignerSession.open({
        url: database.signerUrl,
        deployment: DEPLOYMENT,
        deadline: 5_000,
      });
      if (session === undefined) throw new Error('Another session signs');
      sessions.push(session);
      const state = SignedState.open(folder);
      return { session, rounds: new Rounds({ session, state, keys, deployment: DEPLOYMENT, clock }) };
    },
    async checkpoints(origin) {
      const rows = await owner<{ size: string; root_hash: Buffer; signed_note: string }[]>`
        select size, root_hash, signed_note from checkpoint where origin = ${origin} order by size`;
      return rows.map((row) => ({ size: Number(row.size), root: row.root_hash, note: row.signed_note }));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...logs.map((log) => log.close()), ...sessions.map((session) => session.close())]);
      await owner.end();
      await database[Symbol.asyncDispose]();
      rmSync(place, { recursive: true, force: true });
    },
  };
}

/** Ed25519, PKCS#8. */
export function newKeyPem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Appends leaves one after the other's commit, or together. */
export async function appendLeaves(log: AuditLog, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => log.append(randomBytes(24))));
}
