import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTRACT_SUBGRAPHS } from '@contactpoint/contract/sdl';
import { SettingError } from '@contactpoint/subgraph-kit/setting-error';
import { type CheckpointKeyFiles, ensureCheckpointKey } from './checkpoint-key.ts';
import { DEPLOYMENT } from './deployment.ts';
import { ensureKeyRing } from './key-ring.ts';
import { writePrivate } from './private-file.ts';

/** Files of a system's secrets, each made at the first start and readable by its owner alone, and of what is public of them. */
export interface SecretFiles extends CheckpointKeyFiles {
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

export function secretFilesOf(data: string): SecretFiles {
  const folder = join(data, 'secrets');
  return {
    grantKeys: join(folder, 'grant-keys'),
    digestKey: join(folder, 'digest-key.json'),
    identityProviderKeys: join(folder, 'identity-provider.json'),
    checkpointKey: join(folder, 'checkpoint-key.pem'),
    auditKeys: join(data, 'audit-keys.txt'),
  };
}

export function ensureSecrets(data: string): SecretFiles {
  const files = secretFilesOf(data);
  for (const name of CONTRACT_SUBGRAPHS) ensureKeyRing(join(files.grantKeys, `${name}.json`));
  ensureKeyRing(files.digestKey);
  ensureCheckpointKey(files, DEPLOYMENT);
  return files;
}

/** Password of a database role, kept under its name. */
export function ensurePassword(data: string, role: string): string {
  const file = join(data, 'secrets', 'passwords', role);
  if (!existsSync(file)) writePrivate(file, randomBytes(24).toString('base64url'));
  return readFileSync(file, 'utf8');
}
