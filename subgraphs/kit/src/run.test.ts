import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operationDigest } from '@contactpoint/access/grant';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';
import { testGrant } from './testing/grant.ts';

const MAIN = new URL('./testing/run-invented-subgraph.ts', import.meta.url).pathname;
const SECRET = new Uint8Array(32).fill(3);

let folder: string;
let database: TestDatabase;
let keys: string;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-run-'));
  database = await createTestDatabase();
  keys = keyFile('keys.json', { keys: [{ kid: 'k', secret: Buffer.from(SECRET).toString('base64url') }] });
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

function keyFile(name: string, content: unknown, mode = 0o600): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(file, mode);
  return file;
}

function run(settings: Readonly<Record<string, string | undefined>>) {
  const env = {
    PATH: process.env['PATH'],
    PORT: '0',
    DATABASE_URL: database.url,
    GRANT_KEYS_FILE: keys,
    ...settings,
  };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  let problems = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk));
  child.stderr.on('data', (chunk: Buffer) => (problems += chunk));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve)).finally(() =>
    running.delete(child),
  );
  const listening = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const [, address] = /"msg":"Server listening at ([^"]+)"/.exec(output) ?? [];
      if (address !== undefined) resolve(address);
    });
    void ended.then((code) => reject(new Error(`ended with ${code}: ${problems}`)));
  });
  listening.catch(() => undefined);
  return { child, ended, listening, output: () => output, problems: () => problems };
}

describe('a missing or wrong setting', () => {
  const secret = 'c2VjcmV0LXRoYXQtaXMtbG9uZy1lbm91Z2gtZm9yLWhzMjU2';
  test.each<[string, Record<string, string | undefined>, () => string | undefined]>([
    ['PORT is not set', { PORT: undefined }, () => undefined],
    ['PORT must be a port number', { PORT: 'http' }, () => undefined],
    ['LOG_LEVEL must be one of', { LOG_LEVEL: 'loud' }, () => undefined],
    ['DATABASE_URL is not set', { DATABASE_URL: '' }, () => undefined],
    ['DATABASE_URL must be a URL', { DATABASE_URL: 'mysql://root:hidden@host/db' }, () => undefined],
    [
      'DATABASE_URL names a database that cannot be used (ECONNREFUSED)',
      { DATABASE_URL: 'postgres://u:hidden@127.0.0.1:1/x' },
      () => undefined,
    ],
    ['REDIS_URL must be a URL', { REDIS_URL: 'redis://:hidden@one:1,two' }, () => undefined],
    ['GRANT_KEYS_FILE is not set', { GRANT_KEYS_FILE: undefined }, () => undefined],
    ['which cannot be read', {}, () => join(folder, 'nowhere')],
    ['which is not JSON', {}, () => keyFile('text.json', `{"keys": ${secret}`)],
    ['which does not hold', {}, () => keyFile('none.json', { keys: [] })],
    ['shorter than 32 bytes', {}, () => keyFile('short.json', { keys: [{ kid: 'k', secret: 'c2VjcmV0' }] })],
    [
      'same kid',
      {},
      () =>
        keyFile('twice.json', {
          keys: [
            { kid: 'k', secret },
            { kid: 'k', secret },
          ],
        }),
    ],
    ['its mode must be 0600', {}, () => keyFile('open.json', { keys: [{ kid: 'k', secret }] }, 0o640)],
  ])('%s: code 78 and that sentence', async (sentence, settings, file) => {
    const path = file();
    const process = run({ ...settings, ...(path === undefined ? {} : { GRANT_KEYS_FILE: path }) });
    expect(await process.ended).toBe(78);
    expect(process.problems()).toContain(sentence);
    expect(process.problems().trim().split('\n')).toHaveLength(1);
    expect(process.problems()).not.toMatch(/hidden|c2Vjc/);
  });
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s: what was accepted is answered first', async (signal) => {
  const subgraph = run({});
  const address = await subgraph.listening;
  const operation = { query: '{ slow }', variables: {} };
  const body = operationDigest(operation.query, operation.variables);
  const accessGrant = await testGrant([{ kid: 'k', secret: SECRET }], { aud: 'invented', body });
  const answering = fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...operation, extensions: { accessGrant } }),
  });
  while (!subgraph.output().includes('slow has begun')) await new Promise((tick) => setImmediate(tick));
  subgraph.child.kill(signal);
  subgraph.child.kill(signal);
  expect(await (await answering).json()).toEqual({ data: { slow: 'done' } });
  expect(await subgraph.ended).toBe(0);
});

test('a port that is taken is named', async () => {
  const first = run({});
  const { port } = new URL(await first.listening);
  const second = run({ PORT: port });
  expect(await second.ended).toBe(78);
  expect(second.problems()).toContain(`PORT ${port} on 127.0.0.1 cannot be listened on (EADDRINUSE)`);
});

test('the log holds no values of requests', async () => {
  const subgraph = run({ LOG_LEVEL: 'trace' });
  const address = await subgraph.listening;
  await fetch(`${address}/graphql?name=Anna-Smith`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: '{ failing }',
      variables: { name: 'Anna-Smith' },
      extensions: { accessGrant: 'x.y.z' },
    }),
  });
  subgraph.child.kill('SIGTERM');
  await subgraph.ended;
  expect(subgraph.output()).toContain('a grant was refused');
  expect(subgraph.output()).not.toContain('Anna-Smith');
});
