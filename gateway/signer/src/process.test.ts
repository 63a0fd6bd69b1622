import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifierOf } from '@contactpoint/audit-log/signed-note';
import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newKeyPem } from './testing/signing-bench.ts';

const SIGNER = fileURLToPath(new URL('main.ts', import.meta.url));
const WITNESS = fileURLToPath(new URL('witness/main.ts', import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-signer-process-'));
  writeFileSync(join(folder, 'key.pem'), newKeyPem(), { mode: 0o600 });
  writeFileSync(join(folder, 'open.pem'), newKeyPem());
  writeFileSync(join(folder, 'logs.txt'), '');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Run {
  readonly ended: Promise<number>;
  readonly said: () => string;
  stop(): void;
}

function run(module: string, environment: Record<string, string | undefined>, ...words: string[]): Run {
  const env = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined));
  const child = spawn(process.execPath, [module, ...words], { env: env as NodeJS.ProcessEnv });
  let said = '';
  const listen = (chunk: Buffer) => {
    said += chunk.toString();
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const ended = new Promise<number>((settle) => child.once('close', (code) => settle(code ?? -1)));
  return { ended, said: () => said, stop: () => void child.kill('SIGTERM') };
}

const signerSettings = () => ({
  PORT: '0',
  AUDIT_SIGNER_URL: 'postgres://signer:secret-word@127.0.0.1:1/audit',
  DEPLOYMENT: 'test.example',
  CHECKPOINT_KEY_FILE: join(folder, 'key.pem'),
  SIGNER_STATE: join(folder, 'state'),
});

const witnessSettings = (port: number) => ({
  PORT: String(port),
  WITNESS_NAME: 'witness.example/w1',
  WITNESS_KEY_FILE: join(folder, 'witness', 'key.pem'),
  WITNESS_STATE: join(folder, 'memory'),
  WITNESS_LOGS_FILE: join(folder, 'logs.txt'),
});

describe('a signer', () => {
  test.each([
    ['no database', { AUDIT_SIGNER_URL: undefined }, 'AUDIT_SIGNER_URL is not set'],
    ['a database that is none', { AUDIT_SIGNER_URL: 'mysql://secret-word@x/y' }, 'AUDIT_SIGNER_URL must be'],
    ['no key', { CHECKPOINT_KEY_FILE: '/nowhere' }, 'CHECKPOINT_KEY_FILE names a file that cannot be read'],
    [
      'a key for everybody',
      { CHECKPOINT_KEY_FILE: 'open.pem' },
      'CHECKPOINT_KEY_FILE names a file that others',
    ],
    ['a deployment with a slash', { DEPLOYMENT: 'a/b' }, 'DEPLOYMENT must be a host name'],
    ['a port that is none', { PORT: 'http' }, 'PORT must be a port'],
    ['witnesses that are none', { WITNESSES_FILE: 'logs.txt' }, 'WITNESSES_FILE names a file that is not'],
    ['a quorum that is none', { WITNESS_QUORUM: 'most' }, 'WITNESS_QUORUM must be a number'],
  ])('with %s says so, and ends with the code of a wrong setting', async (_case, wrong, sentence) => {
    const settings: Record<string, string | undefined> = { ...signerSettings(), ...wrong };
    for (const name of ['CHECKPOINT_KEY_FILE', 'WITNESSES_FILE']) {
      const file = settings[name];
      if (file !== undefined && !file.startsWith('/')) settings[name] = join(folder, file);
    }
    const signer = run(SIGNER, settings);
    expect(await signer.ended).toBe(78);
    expect(signer.said()).toContain(sentence);
    expect(signer.said()).not.toMatch(/secret-word|\n\s+at /);
  });
});

describe('a witness', () => {
  test('is begun once, cosigns from then on, and ends when it is told to', async () => {
    const port = await freePort();
    const begun = run(WITNESS, witnessSettings(port), '--init');
    expect(await begun.ended, begun.said()).toBe(0);
    expect(verifierOf(begun.said().trim()).name).toBe('witness.example/w1');
    expect(statSync(join(folder, 'witness', 'key.pem')).mode & 0o077).toBe(0);
    expect(await run(WITNESS, witnessSettings(port), '--init').ended).toBe(78);

    const witness = run(WITNESS, witnessSettings(port));
    await expect.poll(() => witness.said(), { timeout: 20_000 }).toContain('cosigning');
    const { statusCode } = await request(`http://127.0.0.1:${port}/add-checkpoint`, {
      method: 'POST',
      body: 'old 0\n\nunknown.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— unknown.example AAAAAAAA\n',
    });
    expect(statusCode).toBe(404);
    const metrics = await (await request(`http://127.0.0.1:${port}/metrics`)).body.text();
    expect(metrics).toContain('contactpoint_cosigner_answers_total{status="404"} 1');
    witness.stop();
    expect(await witness.ended).toBe(0);
  });

  test.each([
    ['without its memory', () => rmSync(join(folder, 'memory'), { recursive: true })],
    ['with another one’s', () => writeFileSync(join(folder, 'memory', 'witness.vkey'), 'other\n')],
    ['with a memory that is none', () => writeFileSync(join(folder, 'memory', 'x.note'), 'no note')],
    ['with a key for everybody', () => chmodSync(join(folder, 'witness', 'key.pem'), 0o644)],
    ['with logs that are none', () => writeFileSync(join(folder, 'logs.txt'), 'contactpoint.local')],
  ])('%s does not start', async (_case, spoil) => {
    mkdirSync(join(folder, 'memory'));
    expect(await run(WITNESS, witnessSettings(0), '--init').ended).toBe(0);
    spoil();
    const witness = run(WITNESS, witnessSettings(0));
    expect(await witness.ended).toBe(78);
    expect(witness.said()).toMatch(/WITNESS_(STATE|KEY_FILE|LOGS_FILE) /);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((open) => server.listen(0, '127.0.0.1', open));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port to be had');
  return address.port;
}
