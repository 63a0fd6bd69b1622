import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CONTRACT_SUBGRAPHS } from '@contactpoint/contract/sdl';
import { SettingError } from '@contactpoint/subgraph-kit/setting-error';

/** Files of a system's secrets, each made at the first start and readable by its owner alone. */
export interface SecretFiles {
  /** Folder with one key ring a subgraph. */
  readonly grantKeys: string;
  readonly digestKey: string;
  /** Signing keys of the identity provider; it makes them itself. */
  readonly identityProviderKeys: string;
}

/** @throws SettingError outside development, where generated secrets are refused. */
export function refuseProduction(): void {
  if (process.env['NODE_ENV'] !== 'production') return;
  throw new SettingError(
    'NODE_ENV',
    'is production: npm start generates secrets, and those are for development only',
  );
}

export function ensureSecrets(data: string): SecretFiles {
  const folder = join(data, 'secrets');
  const files = {
    grantKeys: join(folder, 'grant-keys'),
    digestKey: join(folder, 'digest-key.json'),
    identityProviderKeys: join(folder, 'identity-provider.json'),
  };
  for (const name of CONTRACT_SUBGRAPHS) ensureKeyRing(join(files.grantKeys, `${name}.json`));
  ensureKeyRing(files.digestKey);
  return files;
}

/** Password of a database role, kept under its name. */
export function ensurePassword(data: string, role: string): string {
  const file = join(data, 'secrets', 'passwords', role);
  if (!existsSync(file)) writePrivate(file, randomBytes(24).toString('base64url'));
  return readFileSync(file, 'utf8');
}

function ensureKeyRing(file: string): void {
  if (existsSync(file)) return;
  const key = { kid: randomBytes(6).toString('hex'), secret: randomBytes(32).toString('base64url') };
  writePrivate(file, JSON.stringify({ keys: [key] }, null, 2));
}

function writePrivate(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { mode: 0o600 });
}
