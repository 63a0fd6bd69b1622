import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { ConfigError } from './config-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'contactpoint-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(join(folder, 'supergraph.graphql'), 'type Query { a: Int }');
writeFileSync(
  join(folder, 'digest.json'),
  JSON.stringify({ keys: [{ kid: 'd1', secret: 'A'.repeat(43) }] }),
  {
    mode: 0o600,
  },
);
const environment = {
  SUPERGRAPH_FILE: join(folder, 'supergraph.graphql'),
  GRANT_KEYS_FOLDER: folder,
  AUDIT_DATABASE_URL: 'postgres://gateway@127.0.0.1:5433/audit',
  AUDIT_KEYS_FILE: '/etc/contactpoint/audit-keys.txt',
  DIGEST_KEY_FILE: join(folder, 'digest.json'),
  OIDC_ISSUER: 'http://127.0.0.1:4011',
  OIDC_AUDIENCE: 'https://contactpoint.local',
};

function refusal(change: Readonly<Record<string, string | undefined>>): string {
  try {
    readConfig({ ...environment, ...change });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'taken';
}

writeFileSync(join(folder, 'limits.json'), '{"teacher":{"recordsPerHour":7}}');

describe('readConfig', () => {
  test('reads what must be set, and has a default for the rest', () => {
    expect(readConfig(environment)).toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      supergraphSdl: 'type Query { a: Int }',
      digestKey: { kid: 'd1' },
      issuer: 'http://127.0.0.1:4011',
      jwksUrl: undefined,
      instance: 'gateway-1',
      checkpointPatience: 60_000,
      alertInterval: 5_000,
      auditStandbys: 0,
      auditRedisUrl: undefined,
      redisUrl: undefined,
      subgraphTimeout: 5_000,
      subgraphTimeouts: {},
      operationTimeout: 15_000,
      planLimits: { planFetches: 200, planBytes: 262_144 },
      httpAdapter: 'fastify',
      logLevel: 'info',
    });
  });

  test.each(Object.keys(environment))('names %s where it is missing or empty', (name) => {
    expect(refusal({ [name]: undefined })).toBe(`${name} is not set`);
    expect(refusal({ [name]: '' })).toBe(`${name} is not set`);
  });

  test.each<[string, string]>([
    ['PORT', 'canary'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['AUDIT_DATABASE_URL', 'canary with:password'],
    ['OIDC_ISSUER', 'canary'],
    ['OIDC_JWKS_URL', 'canary'],
    ['DEPLOYMENT', 'Canary!'],
    ['AUDIT_STANDBYS', 'canary'],
    ['AUDIT_REDIS_URL', 'http://canary:6379'],
    ['AUDIT_REDIS_URL', 'redis://:canary@one:6379,redis://two:6379'],
    ['CHECKPOINT_PATIENCE', '61'],
    ['CHECKPOINT_PATIENCE', '0'],
    ['CHECKPOINT_PATIENCE', 'canary'],
    ['ALERT_INTERVAL', '61'],
    ['ALERT_INTERVAL', '0'],
    ['ALERT_INTERVAL', 'canary'],
    ['INSTANCE', 'canary/1'],
    ['INSTANCE', 'import'],
    ['REDIS_URL', 'http://canary:6379'],
    ['REDIS_URL', 'redis://:canary@one:6379,two'],
    ['GATEWAYS', '0'],
    ['GATEWAYS', 'canary'],
    ['SUBGRAPH_TIMEOUT', '0'],
    ['SUBGRAPH_TIMEOUT', 'canary'],
    ['SUBGRAPH_TIMEOUTS', 'canary'],
    ['SUBGRAPH_TIMEOUTS', 'canary=0'],
    ['SUBGRAPH_TIMEOUTS', 'canary=2000,'],
    ['SUBGRAPH_TIMEOUTS', 'health=2000;canary=1'],
    ['OPERATION_TIMEOUT', '0'],
    ['PLAN_FETCHES', '0'],
    ['PLAN_BYTES', 'canary'],
    ['HTTP_ADAPTER', 'canary'],
    ['LOG_LEVEL', 'canary'],
    ['SUPERGRAPH_FILE', '/nowhere/canary'],
    ['BROWSE_LIMITS_FILE', '/nowhere/canary'],
    ['BROWSE_LIMITS_FILE', join(folder, 'digest.json')],
    ['DIGEST_KEY_FILE', '/nowhere'],
  ])('names %s where it is wrong, and never repeats it: %s', (name, value) => {
    const message = refusal({ [name]: value });
    expect(message).toMatch(new RegExp(`^${name}[ :]`));
    expect(message.toLowerCase()).not.toContain('canary');
  });

  test('has other time-outs for subgraphs that are named', () => {
    const { subgraphTimeouts } = readConfig({
      ...environment,
      SUBGRAPH_TIMEOUTS: 'health=2000,social-care=8000',
    });
    expect(subgraphTimeouts).toEqual({ health: 2_000, 'social-care': 8_000 });
  });

  test('has limits of reading, and those of a file in their place', () => {
    expect(readConfig(environment).browseLimits.teacher.recordsPerHour).toBe(80);
    const own = readConfig({ ...environment, BROWSE_LIMITS_FILE: join(folder, 'limits.json') });
    expect(own.browseLimits.teacher).toMatchObject({ recordsPerHour: 7, missesPerHour: 20 });
  });

  test('takes several gateways only with a Redis between them', () => {
    expect(refusal({ GATEWAYS: '2' })).toMatch(/^REDIS_URL is not set, and GATEWAYS is more than 1/);
    expect(refusal({ GATEWAYS: '2', REDIS_URL: '' })).toMatch(/^REDIS_URL is not set/);
    const redisUrl = 'rediss://gateway:secret@one:6379,rediss://two:6379';
    expect(readConfig({ ...environment, GATEWAYS: '2', REDIS_URL: redisUrl })).toMatchObject({ redisUrl });
    expect(readConfig({ ...environment, GATEWAYS: '1' }).redisUrl).toBeUndefined();
  });
});
