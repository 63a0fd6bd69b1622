import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSettings } from './settings.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identity-provider-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, [new URL('main.ts', import.meta.url).pathname], {
    env: { PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    said.err += String(chunk);
  });
  return { child, said, exit: once(child, 'close') as Promise<[number]> };
}

describe('as a process', () => {
  test('says one sentence, answers, and stops on SIGTERM', async () => {
    const { child, said, exit } = start({ KEYS_FILE: join(folder, 'keys.json') });
    await once(child.stdout, 'data');
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said.out)?.[0] ?? '';
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect((await fetch(`${url}/auth`)).status).toBe(400);

    child.kill('SIGTERM');
    expect((await exit)[0]).toBe(0);
    expect(said).toEqual({ out: `Identity provider for development only, ${url}\n`, err: '' });
  });

  test.each([
    ['no file for the key', {}, 'KEYS_FILE'],
    ['an address that others reach', { HOST: '0.0.0.0' }, 'HOST'],
    ['an issuer that others reach', { ISSUER: 'https://id.example.org' }, 'ISSUER'],
    ['a port that is none', { PORT: 'http' }, 'PORT'],
    ['redirects that are no URIs', { CLIENT_REDIRECTS: 'here,there' }, 'CLIENT_REDIRECTS'],
    ['production', { NODE_ENV: 'production' }, 'NODE_ENV'],
  ])('does not start with %s', async (_case, environment, named) => {
    const keys: Record<string, string> =
      named === 'KEYS_FILE' ? {} : { KEYS_FILE: join(folder, 'keys.json') };
    const { said, exit } = start({ ...keys, ...environment });
    expect((await exit)[0]).toBe(78);
    expect(said.out).toBe('');
    expect(said.err).toMatch(new RegExp(`^${named}[^\n]+\n$`));
  });

  test('refuses a page that has its own name resolve to this machine', async () => {
    const { child, said, exit } = start({ KEYS_FILE: join(folder, 'keys.json') });
    await once(child.stdout, 'data');
    const port = Number(/:(\d+)\n/.exec(said.out)?.[1]);
    const status = await new Promise((resolve, reject) => {
      request({ port, host: '127.0.0.1', path: '/jwks', headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(421);
    child.kill('SIGTERM');
    await exit;
  });
});

test('settings have the defaults of a machine on which everything runs', () => {
  expect(readSettings({ KEYS_FILE: 'keys.json' })).toEqual({
    host: '127.0.0.1',
    port: 4011,
    issuer: undefined,
    audience: 'https://contactpoint.example/graphql',
    keysFile: 'keys.json',
    redirectUris: ['http://127.0.0.1:4000/explorer/callback'],
  });
});
