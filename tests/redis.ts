import { freePort } from './free-port.ts';
import { hasRedis, startRedis } from './redis-server.ts';

/**
 * One Redis for the tests of packages, by `TEST_REDIS_URL`. Where the program is missing the tests that need it are left
 * out, which is said here once; where `CI` is set they fail instead.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['TEST_REDIS_URL'] !== undefined) return undefined;
  if (!hasRedis()) {
    if (process.env['TEST_REDIS_MISSING'] === undefined)
      console.warn(
        '\n  !! LEFT OUT: every test of changes pushed over Redis. redis-server is not on this machine.\n',
      );
    process.env['TEST_REDIS_MISSING'] = 'said';
    return undefined;
  }
  const server = await startRedis(await freePort());
  process.env['TEST_REDIS_URL'] = server.url;
  return () => server.stop();
}
