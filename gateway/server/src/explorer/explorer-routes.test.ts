import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROLES } from '@contactpoint/access/role';
import { scopesOf } from '@contactpoint/access/scope';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decide } from '../testing/decisions.ts';
import { explorerRoutes } from './explorer-routes.ts';
import type { ExplorerSettings, RoleSettings } from './explorer-settings.ts';

const PAGE =
  '<meta property="csp-nonce" nonce="__CSP_NONCE__"><script src="/explorer/assets/page-1a.js"></script>';
const KEYS = 'contactpoint.local/gateway-1+0a1b2c3d+AAAA\n';
const parts = { issuer: 'https://id.example/realm', clientId: 'explorer', decide };

let folder: string;
let app: FastifyInstance;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'explorer-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), PAGE);
  writeFileSync(join(folder, 'callback.html'), 'back');
  writeFileSync(join(folder, 'secret.txt'), 'beside the assets');
  writeFileSync(join(folder, 'assets', 'page-1a.js'), 'void 0;');
  writeFileSync(join(folder, 'assets', 'page-1a.js.gz'), gzipSync('void 0;'));
  app = fastify();
  writeFileSync(join(folder, 'keys.txt'), KEYS);
  await app.register(explorerRoutes, { folder, ...parts, auditKeysFile: join(folder, 'keys.txt') });
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

describe('the page', () => {
  test.each(['/explorer', '/explorer/', '/explorer/callback'])('%s keeps others out', async (url) => {
    const { statusCode, headers } = await app.inject(url);
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("connect-src 'self' https://id.example;");
    expect(policy).not.toContain('unsafe-eval');
    expect(policy.replace("style-src-attr 'unsafe-inline'", '')).not.toContain('unsafe-inline');
  });

  test('has a nonce of its own for each answer, in the policy and in the page', async () => {
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const { headers, body } = await app.inject('/explorer');
        const [, nonce = ''] = /'nonce-([^']{16,})'/.exec(String(headers['content-security-policy'])) ?? [];
        expect(body).toContain(`nonce="${nonce}"`);
        expect(body).not.toContain('__CSP_NONCE__');
        return nonce;
      }),
    );
    expect(new Set(nonces).size).toBe(2);
  });

  test('stays bound to the window in which somebody signs in, and that window to it', async () => {
    const opener = 'cross-origin-opener-policy';
    expect((await app.inject('/explorer')).headers[opener]).toBe('same-origin-allow-popups');
    expect((await app.inject('/explorer/callback')).headers[opener]).toBeUndefined();
  });
});

describe('assets', () => {
  test('are kept for good, compressed, and reach nobody', async () => {
    const answer = await app.inject({
      url: '/explorer/assets/page-1a.js',
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(answer.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'gzip',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    });
    expect(answer.rawPayload).toEqual(gzipSync('void 0;'));
  });

  test.each([
    '/explorer/assets/../secret.txt',
    '/explorer/assets/..%2fsecret.txt',
    '/explorer/assets/%2e%2e/secret.txt',
    '/explorer/assets/',
    '/explorer/secret.txt',
    '/explorer/index.html',
    '/explorer/assets/none.js',
  ])('%s is none', async (url) => {
    const { statusCode, body } = await app.inject(url);
    expect(statusCode).toBe(404);
    expect(body).not.toContain('beside the assets');
  });

  test('nothing here takes a POST', async () => {
    for (const url of ['/explorer', '/explorer/settings.json', '/explorer/callback'])
      expect((await app.inject({ method: 'POST', url })).statusCode).toBe(404);
  });
});

test('the settings are the same for everybody', async () => {
  const settings: ExplorerSettings = (await app.inject('/explorer/settings.json')).json();
  expect(settings).toMatchObject({ issuer: parts.issuer, clientId: 'explorer' });
  expect(settings.purposes).toMatchObject({ DC: 'direct care', AUD: 'audit and investigation' });
  expect(settings.roles).toMatchObject({ teacher: 'EDUCATION', auditor: 'DIRECTORY' });
  expect(settings.reason).toEqual({ shortest: 10, shortestOverride: 20, longest: 500 });
});

test('each role is offered what the policy gives it', async () => {
  const offered = await Promise.all(
    ROLES.map(async (role) => {
      const settings: RoleSettings = (await app.inject(`/explorer/roles/${role}`)).json();
      return [role, settings] as const;
    }),
  );
  const roles = Object.fromEntries(offered);
  expect(roles['emergency-clinician']).toEqual({ scopes: [], purposes: { EC: { breakGlass: true } } });
  expect(Object.keys(roles['social-worker']?.purposes ?? {}).sort()).toEqual(['EH', 'S17', 'S47']);
  expect(roles['auditor']).toEqual({ scopes: scopesOf('auditor'), purposes: {} });
  const breaking = offered.flatMap(([role, { purposes }]) =>
    Object.values(purposes).some(({ breakGlass }) => breakGlass) ? [role] : [],
  );
  expect(breaking.sort()).toEqual(['emergency-clinician', 'mash-screener', 'police-child-abuse']);
});

test.each(['minister', 'constructor', '__proto__'])('%s is no role', async (role) => {
  expect((await app.inject(`/explorer/roles/${role}`)).statusCode).toBe(404);
});

test('the public keys of the log are the gateway’s own', async () => {
  const { headers, body } = await app.inject('/explorer/audit-keys.txt');
  expect([headers['content-type'], headers['cache-control']]).toEqual([
    'text/plain; charset=utf-8',
    'no-cache',
  ]);
  expect(body).toBe(KEYS);
});

test.each([
  ['no folder is set', undefined],
  ['the folder holds no build', tmpdir()],
])('where %s, it says so', async (_case, built) => {
  await using other = fastify();
  await other.register(explorerRoutes, { folder: built, ...parts, auditKeysFile: 'none' });
  for (const url of ['/explorer', '/explorer/', '/explorer/assets/page-1a.js']) {
    const { statusCode, body, headers } = await other.inject(url);
    expect([statusCode, headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8']);
    expect(body).toContain('EXPLORER_FOLDER');
  }
});
