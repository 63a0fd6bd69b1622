import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeRunFile } from '../system/run-file.ts';
import { type IdentityProvider, startIdentityProvider } from './server.ts';

let folder: string;
let identityProvider: IdentityProvider;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-'));
  identityProvider = await startIdentityProvider({
    host: '127.0.0.1',
    port: 0,
    issuer: undefined,
    audience: 'https://gateway.test/graphql',
    keysFile: join(folder, 'keys.json'),
    redirectUris: [],
  });
  writeRunFile(folder, {
    pid: process.pid,
    deployment: 'contactpoint.test',
    urls: { gateway: 'http://127.0.0.1:1', identityProvider: identityProvider.issuer, signer: '' },
    databases: {},
    audit: { writerUrl: '', readerUrl: '', signerUrl: '', retentionUrl: '' },
  });
});

afterAll(async () => {
  await identityProvider.close();
  await rm(folder, { recursive: true });
});

async function token(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return await new Promise((resolve) => {
    const script = new URL('../token.ts', import.meta.url).pathname;
    const env = { ...process.env, CONTACTPOINT_DATA: folder };
    const child = execFile(process.execPath, [script, ...args], { env }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

describe('token', () => {
  test('prints one line, the token, and finds the system that runs here', async () => {
    const { code, out, err } = await token('reviewing-officer');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(decodeJwt(out.trim())).toMatchObject({
      iss: identityProvider.issuer,
      sub: 'p-reviewing-officer',
      amr: ['pwd', 'mfa'],
    });
  });

  test('--no-second-factor and --url', async () => {
    const { out } = await token('teacher', '--no-second-factor', '--url', identityProvider.issuer);
    expect(decodeJwt(out.trim())['amr']).toEqual(['pwd']);
  });

  test.each([
    ['an unknown persona', ['prime-minister'], 64, /"prime-minister".*social-worker.*suspended/],
    ['no persona', [], 64, /Name one persona/],
    ['two personas', ['teacher', 'auditor'], 64, /Name one persona/],
    ['an unknown option', ['teacher', '--admin'], 64, /--admin/],
    ['a URL that is none', ['teacher', '--url', 'here'], 64, /--url/],
    [
      'nobody who listens',
      ['teacher', '--url', 'http://127.0.0.1:1'],
      69,
      /http:\/\/127\.0\.0\.1:1 gave no token/,
    ],
  ])('%s', async (_case, args, expected, sentence) => {
    const { code, out, err } = await token(...args);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toMatch(sentence);
    expect(err).not.toContain('    at ');
  });

  test('--help names the personas', async () => {
    const { code, out } = await token('--help');
    expect(code).toBe(0);
    expect(out).toContain('safeguarding-lead');
  });
});
