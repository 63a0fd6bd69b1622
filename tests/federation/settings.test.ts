import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../running-system.ts';

type Settings = Readonly<Record<string, string>>;

const GATEWAY = new URL('../../gateway/server/src/main.ts', import.meta.url);
const HEALTH = new URL('../../subgraphs/health/src/main.ts', import.meta.url);
const OVERSIGHT = new URL('../../subgraphs/oversight/src/main.ts', import.meta.url);

let system: TestSystem;
let folder: string;
let stranger: Server;
let strangersPort: number;
/** With which each of them would start. */
let whole: { gateway: Settings; health: Settings; oversight: Settings };

beforeAll(async () => {
  system = await startTestSystem();
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-settings-'));
  stranger = createServer();
  await new Promise<void>((listening) => stranger.listen(0, '127.0.0.1', listening));
  const address = stranger.address();
  strangersPort = typeof address === 'object' && address !== null ? address.port : 0;
  const { secrets, databases, clusters, urls, data } = system;
  whole = {
    gateway: {
      PORT: String(strangersPort),
      SUPERGRAPH_FILE: join(data, 'supergraph.graphql'),
      GRANT_KEYS_FOLDER: secrets.grantKeys,
      AUDIT_DATABASE_URL: clusters.audit.writerUrl,
      AUDIT_KEYS_FILE: secrets.auditKeys,
      DIGEST_KEY_FILE: secrets.digestKey,
      OIDC_ISSUER: urls.identityProvider,
      OIDC_AUDIENCE: 'https://contactpoint.example/graphql',
      // Of each name there is one, and the system's own is running.
      INSTANCE: 'gateway-2',
    },
    health: {
      PORT: String(strangersPort),
      DATABASE_URL: databases.health,
      GRANT_KEYS_FILE: join(secrets.grantKeys, 'health.json'),
    },
    oversight: {
      PORT: String(strangersPort),
      DATABASE_URL: databases.oversight,
      GRANT_KEYS_FILE: join(secrets.grantKeys, 'oversight.json'),
      AUDIT_DATABASE_URL: clusters.audit.readerUrl,
    },
  };
  mkdirSync(join(folder, 'no-keys'));
  writeFileSync(join(folder, 'open.json'), JSON.stringify({ keys: [{ kid: 'a', secret: 'b'.repeat(43) }] }), {
    mode: 0o644,
  });
  writeFileSync(join(folder, 'short.json'), JSON.stringify({ keys: [{ kid: 'a', secret: 'YQ' }] }), {
    mode: 0o600,
  });
});

afterAll(async () => {
  await new Promise((closed) => stranger?.close(closed));
  rmSync(folder, { recursive: true, force: true });
  await system?.remove();
});

const NOWHERE = 'postgres://someone:secret-word@127.0.0.1:1/nothing';

describe.concurrent('a gateway', () => {
  test.each([
    'SUPERGRAPH_FILE',
    'GRANT_KEYS_FOLDER',
    'AUDIT_DATABASE_URL',
    'AUDIT_KEYS_FILE',
    'DIGEST_KEY_FILE',
    'OIDC_ISSUER',
    'OIDC_AUDIENCE',
  ])('without %s does not start, and says so', async (name) => {
    const { [name]: _, ...rest } = whole.gateway;
    await expectRefusal(GATEWAY, rest, name);
    await expectRefusal(GATEWAY, { ...rest, [name]: '' }, name);
  });

  test.each([
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['SUPERGRAPH_FILE', '/nowhere/supergraph.graphql'],
    ['GRANT_KEYS_FOLDER', 'no-keys'],
    ['DIGEST_KEY_FILE', 'open.json'],
    ['DIGEST_KEY_FILE', 'short.json'],
    ['AUDIT_DATABASE_URL', NOWHERE],
    ['AUDIT_DATABASE_URL', 'somewhere'],
    ['AUDIT_KEYS_FILE', '/nowhere/audit-keys.txt'],
    ['AUDIT_KEYS_FILE', 'short.json'],
    ['OIDC_ISSUER', 'http://127.0.0.1:1'],
    ['SUBGRAPH_TIMEOUT', '0'],
    ['SUBGRAPH_TIMEOUT', 'soon'],
    ['LOG_LEVEL', 'loud'],
    ['DEPLOYMENT', 'no host name'],
  ])('with %s set to %s does not start, and says so', async (name, value) => {
    const given = value.includes('.json') || value === 'no-keys' ? join(folder, value) : value;
    await expectRefusal(GATEWAY, { ...whole.gateway, [name]: given }, name);
  });

  test('whose port is taken names it', () => expectRefusal(GATEWAY, whole.gateway, 'PORT'));
});

describe.concurrent('a subgraph', () => {
  test.each(['PORT', 'DATABASE_URL', 'GRANT_KEYS_FILE'])(
    'without %s does not start, and says so',
    async (name) => {
      const { [name]: _, ...rest } = whole.health;
      await expectRefusal(HEALTH, rest, name);
      await expectRefusal(HEALTH, { ...rest, [name]: '' }, name);
    },
  );

  test.each([
    ['PORT', 'http'],
    ['DATABASE_URL', NOWHERE],
    ['DATABASE_URL', 'somewhere'],
    ['GRANT_KEYS_FILE', '/nowhere/health.json'],
    ['GRANT_KEYS_FILE', 'open.json'],
    ['GRANT_KEYS_FILE', 'short.json'],
    ['LOG_LEVEL', 'loud'],
  ])('with %s set to %s does not start, and says so', async (name, value) => {
    const given = /^(open|short)/.test(value) ? join(folder, value) : value;
    await expectRefusal(HEALTH, { ...whole.health, [name]: given }, name);
  });

  test('whose port is taken names it', () => expectRefusal(HEALTH, whole.health, 'PORT'));

  test('that reads the log needs to know where it is', async () => {
    const { AUDIT_DATABASE_URL: _, ...rest } = whole.oversight;
    await expectRefusal(OVERSIGHT, rest, 'AUDIT_DATABASE_URL');
  });
});

/** Ends with the code of a wrong setting and one sentence that names it and quotes no secret. */
async function expectRefusal(module: URL, settings: Settings, name: string): Promise<void> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [fileURLToPath(module)], { env: { PATH, ...settings } });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise((settle) => child.once('close', settle));
  expect(said).toMatch(new RegExp(`does not start: ${name}:? `));
  expect(said).not.toMatch(/secret-word|\n\s+at /);
  expect(said.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(78);
}
