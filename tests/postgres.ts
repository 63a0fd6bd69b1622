import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@contactpoint/scripts/postgres/embedded-postgres';
import { freePort } from './free-port.ts';

/**
 * One PostgreSQL for the whole run; each test file makes databases of its own in it. Both projects name this setup,
 * and only the first one starts a server. `fsync` is off: what tests of durability need they start themselves.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['TEST_DATABASE_URL'] !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'contactpoint-test-postgres-'));
  const cluster = await startCluster({
    folder,
    port: await freePort(),
    settings: { fsync: 'off', max_connections: '200' },
  });
  process.env['TEST_DATABASE_URL'] = cluster.url;
  return async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
