import { createAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import pino from 'pino';
import { expect, test } from 'vitest';
import { openWatchedLog } from './open-log.ts';

const logger = pino({ level: 'silent' });
const monotonic = () => performance.now();
const config = {
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
