import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ed25519Signer } from '@contactpoint/audit-log/signed-note';
import { createAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import pino from 'pino';
import { afterAll, expect, test } from 'vitest';
import { openWatchedLog } from './open-log.ts';

const logger = pino({ level: 'silent' });
const monotonic = () => performance.now();
const folder = mkdtempSync(join(tmpdir(), 'contactpoint-keys-'));
const auditKeysFile = join(folder, 'audit-keys.txt');
const { privateKey } = generateKeyPairSync('ed25519');
writeFileSync(auditKeysFile, `${ed25519Signer('contactpoint.test', privateKey).verifierKey}\n`);
afterAll(() => rmSync(folder, { recursive: true }));

const config = {
  auditKeysFile,
  auditDatabaseUrl: 'postgres://writer:canary@127.0.0.1:1/audit',
  auditRedisUrl: undefined,
  auditStandbys: 0,
  deployment: 'contactpoint.test',
  instance: 'gateway-1',
  checkpointPatience: 60_000,
};

test('a database that is not there is named by its setting, and without its password', async () => {
  const opening = openWatchedLog(config, monotonic, logger);
  await expect(opening).rejects.toMatchObject({ name: 'ConfigError' });
  await expect(opening).rejects.toThrow(/^AUDIT_DATABASE_URL names a database that cannot be used \(/);
  await expect(opening).rejects.not.toThrow('canary');
});

test('a database that would lose what it acknowledged is refused', async () => {
  await using database = await createAuditDatabase();
  const opening = openWatchedLog({ ...config, auditDatabaseUrl: database.writerUrl }, monotonic, logger);
  await expect(opening).rejects.toThrow(/^AUDIT_DATABASE_URL .*fsync = off/);
});

test.each([
  ['is not there', '/nowhere/audit-keys.txt', 'ENOENT'],
  ['has no key', '/dev/null', 'there is no key in it'],
])('a file of keys that %s is named by its setting', async (_case, file, problem) => {
  const opening = openWatchedLog({ ...config, auditKeysFile: file }, monotonic, logger);
  await expect(opening).rejects.toMatchObject({ name: 'ConfigError' });
  await expect(opening).rejects.toThrow(`AUDIT_KEYS_FILE names a file that cannot be used (${problem})`);
});
