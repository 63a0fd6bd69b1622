import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calculateJwkThumbprint, createRemoteJWKSet, type JWK, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PERSONAS, practitionerIdOf } from '../personas.ts';
import { type Browser, browse } from './browser.fixture.ts';
import { type IdentityProvider, startIdentityProvider } from './server.ts';
import type { IdentityProviderSettings } from './settings.ts';

const REDIRECT = 'http://127.0.0.1:4999/explorer/callback';
const AUDIENCE = 'https://gateway.test/graphql';

let folder: string;
let settings: IdentityProviderSettings;
let identityProvider: IdentityProvider;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identity-provider-'));
  settings = {
    host: '127.0.0.1',
    port: 0,
    issuer: undefined,
    audience: AUDIENCE,
    keysFile: join(folder, 'keys', 'signing.json'),
    redirectUris: [REDIRECT],
  };
  identityProvider = await startIdentityProvider(settings);
});

afterAll(async () => {
  await identityProvider.close();
  await rm(folder, { recursive: true });
});

async function verify(token: string) {
  const keys = createRemoteJWKSet(new URL(`${identityProvider.issuer}/jwks`));
  return await jwtVerify(token, keys, { issuer: identityProvider.issuer, audience: AUDIENCE, typ: 'at+jwt' });
}

async function askForToken(form: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await fetch(`${identityProvider.issuer}/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(form),
  });
  return { response, body: (await response.json()) as Record<string, string> };
}

const personaForm = (persona: string) => ({
  grant_type: 'urn:contactpoint:persona',
  client_id: 'contactpoint-shell',
  persona,
});

describe('a persona token for the shell', () => {
  test.each(PERSONAS.map(({ name }) => name))('%s', async (name) => {
    const { response, body } = await askForToken(personaForm(name));
    expect(response.status).toBe(200);

    const { payload } = await verify(String(body['access_token']));
    expect(payload).toMatchObject({
      sub: practitionerIdOf(name),
      amr: ['pwd', 'mfa'],
      client_id: 'contactpoint-shell',
      auth_time: expect.any(Number),
    });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(600);
    expect(payload).not.toHaveProperty('scope');
  });

  test('without a second factor, for the gateway to refuse', async () => {
    const { body } = await askForToken({ ...personaForm('teacher'), amr: 'pwd' });
    expect((await verify(String(body['access_token']))).payload['amr']).toEqual(['pwd']);
  });

  test('an unknown persona is refused, with the list of those that are known', async () => {
    const { response, body } = await askForToken(personaForm('prime-minister'));
    expect(response.status).toBe(400);
    expect(body['error']).toBe('invalid_request');
    expect(body['error_description']).toContain('social-worker');
  });

  test('the client of browsers may not ask for one', async () => {
    const { response } = await askForToken({ ...personaForm('teacher'), client_id: 'contactpoint-explorer' });
    expect(response.status).toBe(400);
  });

  test('no web page reads one, the explorer included', async () => {
    const { response } = await askForToken(personaForm('teacher'), { origin: new URL(REDIRECT).origin });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.status).not.toBe(200);
  });
});

describe('signing in with a browser', () => {
  const verifier = randomBytes(32).toString('base64url');
  let browser: Browser;

  async function authorize(parameters: Record<string, string | undefined> = {}) {
    browser = browse(REDIRECT);
    const challenge = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
    const url = new URL(`${identityProvider.issuer}/auth`);
    const asked = {
      client_id: 'contactpoint-explorer',
      response_type: 'code',
      redirect_uri: REDIRECT,
      scope: 'openid',
      state: 'from-here',
      code_challenge: Buffer.from(challenge).toString('base64url'),
      code_challenge_method: 'S256',
      ...parameters,
    };
    for (const [name, value] of Object.entries(asked)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return await browser.open(url);
  }

  const exchange = (code: string | null, more: Record<string, string> = {}) =>
    askForToken(
      {
        grant_type: 'authorization_code',
        client_id: 'contactpoint-explorer',
        redirect_uri: REDIRECT,
        code: code ?? '',
        code_verifier: verifier,
        ...more,
      },
      { origin: new URL(REDIRECT).origin },
    );

  test('persona, second factor, code, token', async () => {
    const choice = await authorize();
    expect(choice.text).toContain('For development only');
    for (const { name } of PERSONAS) expect(choice.text).toContain(`value="${name}"`);

    const second = await browser.submit(choice, { persona: 'social-worker' });
    expect(second.text).toContain('Six-digit code');
    const wrong = await browser.submit(second, { persona: 'social-worker', code: '000000' });
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain('role="alert"');
    const back = await browser.submit(wrong, { persona: 'social-worker', code: '123456' });

    expect(back.url.searchParams.get('state')).toBe('from-here');
    const { response, body } = await exchange(back.url.searchParams.get('code'));
    expect(response.headers.get('access-control-allow-origin')).toBe(new URL(REDIRECT).origin);
    const { payload } = await verify(String(body['access_token']));
    expect(payload).toMatchObject({
      sub: 'p-social-worker',
      amr: ['pwd', 'mfa'],
      client_id: 'contactpoint-explorer',
      auth_time: expect.any(Number),
    });
    expect(body).toHaveProperty('id_token');
  });

  test('another persona can be chosen in the same browser, and a code serves once', async () => {
    const choice = await authorize();
    const second = await browser.submit(choice, { persona: 'teacher' });
    const back = await browser.submit(second, { persona: 'teacher', without: 'yes' });
    const code = back.url.searchParams.get('code');

    const { body } = await exchange(code);
    expect((await verify(String(body['access_token']))).payload).toMatchObject({
      sub: 'p-teacher',
      amr: ['pwd'],
    });
    expect((await exchange(code)).body['error']).toBe('invalid_grant');

    const again = await browser.open(new URL(`${identityProvider.issuer}/auth?${second.query}`));
    expect(again.text).toContain('Which persona do you want to be?');
  });

  test('without a challenge there is no code', async () => {
    const back = await authorize({ code_challenge: undefined, code_challenge_method: undefined });
    expect(back.url.searchParams.get('error')).toBe('invalid_request');
  });

  test('another verifier gets no token for the code', async () => {
    const choice = await authorize();
    const second = await browser.submit(choice, { persona: 'auditor' });
    const back = await browser.submit(second, { persona: 'auditor', code: '123456' });
    const { body } = await exchange(back.url.searchParams.get('code'), {
      code_verifier: randomBytes(32).toString('base64url'),
    });
    expect(body['error']).toBe('invalid_grant');
  });

  test('cancelling goes back with the reason', async () => {
    const choice = await authorize();
    const back = await browser.submit(choice, { cancel: 'yes' });
    expect(back.url.searchParams.get('error')).toBe('access_denied');
  });

  test('an unknown persona stays on the page', async () => {
    const choice = await authorize();
    const page = await browser.submit(choice, { persona: '"><script>' });
    expect(page.status).toBe(400);
    expect(page.text).not.toContain('<script>');
  });

  test('a redirect that is not registered is an error page, never followed', async () => {
    const page = await authorize({ redirect_uri: 'https://evil.example/' });
    expect(page.status).toBe(400);
    expect(page.text).toContain('This sign-in did not work');
  });

  test('a sign-in nobody began is over', async () => {
    const page = await browse(REDIRECT).open(new URL(`${identityProvider.issuer}/sign-in/nothing`));
    expect(page.status).toBe(400);
    expect(page.text).toContain('This sign-in is over');
  });
});

describe('what others rely on', () => {
  test('discovery leads to the endpoints, and any origin may read it', async () => {
    const response = await fetch(`${identityProvider.issuer}/.well-known/openid-configuration`, {
      headers: { origin: 'http://127.0.0.1:4000' },
    });
    expect(response.headers.get('access-control-allow-origin')).not.toBeNull();
    expect(await response.json()).toMatchObject({
      issuer: identityProvider.issuer,
      jwks_uri: `${identityProvider.issuer}/jwks`,
      code_challenge_methods_supported: ['S256'],
    });
  });

  test('the JWKS holds no private part', async () => {
    const { keys } = (await (await fetch(`${identityProvider.issuer}/jwks`)).json()) as { keys: JWK[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toHaveProperty('d');
  });

  test('health', async () => {
    const response = await fetch(`${identityProvider.issuer}/health`);
    expect(await response.json()).toEqual({ status: 'ok' });
  });

  test('the signing key is its owner’s alone, and outlives a restart', async () => {
    expect((await stat(settings.keysFile)).mode & 0o777).toBe(0o600);
    const restarted = await startIdentityProvider(settings);
    const thumbprints = await Promise.all(
      [identityProvider, restarted].map(async ({ issuer }) => {
        const { keys } = (await (await fetch(`${issuer}/jwks`)).json()) as { keys: JWK[] };
        return await calculateJwkThumbprint(keys[0] as JWK);
      }),
    );
    await restarted.close();
    expect(thumbprints[0]).toBe(thumbprints[1]);
  });
});
