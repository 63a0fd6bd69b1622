import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { ed25519Signer } from '@contactpoint/audit-log/signed-note';
import { writePrivate } from './private-file.ts';

/** Where a deployment keeps the keys of its checkpoints. */
export interface CheckpointKeyFiles {
  /** PKCS#8 in PEM; the first block signs first, another one is on its way out. Only the signer is told of it. */
  readonly checkpointKey: string;
  /** Every vkey there ever was, one a line: a checkpoint verifies by any of them. Public. */
  readonly auditKeys: string;
}

/** Makes the key at the first start, and writes down every public key that is not yet. */
export function ensureCheckpointKey(files: CheckpointKeyFiles, deployment: string): void {
  if (!existsSync(files.checkpointKey)) writePrivate(files.checkpointKey, newKey());
  publishKeys(files, deployment);
}

/**
 * Puts a new key before the present one. Both sign from the signer's next look on, so that whoever verifies has time to
 * take the new vkey up.
 *
 * @returns The new vkey; undefined where two keys sign already: the former one would be lost before its time.
 */
export function rotateCheckpointKey(files: CheckpointKeyFiles, deployment: string): string | undefined {
  const [current = '', ...former] = pemsIn(files.checkpointKey);
  if (former.length > 0) return undefined;
  replacePrivate(files.checkpointKey, newKey() + current);
  publishKeys(files, deployment);
  return vkeysOf(files, deployment)[0];
}

/**
 * Ends the overlap: the newest key signs alone. The former vkey stays among the public ones, for what it signed.
 *
 * @returns Whether there was one to end.
 */
export function retireCheckpointKey({ checkpointKey }: CheckpointKeyFiles): boolean {
  const [current, ...former] = pemsIn(checkpointKey);
  if (current === undefined || former.length === 0) return false;
  replacePrivate(checkpointKey, current);
  return true;
}

/** The keys that sign now, under the name of a log or of the deployment, newest first. */
export function vkeysOf({ checkpointKey }: CheckpointKeyFiles, name: string): readonly string[] {
  return pemsIn(checkpointKey).map((pem) => ed25519Signer(name, createPrivateKey(pem)).verifierKey);
}

function publishKeys(files: CheckpointKeyFiles, deployment: string): void {
  const known = existsSync(files.auditKeys) ? readFileSync(files.auditKeys, 'utf8') : '';
  const lines = new Set([...known.split('\n').filter((line) => line !== ''), ...vkeysOf(files, deployment)]);
  const text = [...lines].map((line) => `${line}\n`).join('');
  if (text === known) return;
  writeFileSync(`${files.auditKeys}.new`, text);
  renameSync(`${files.auditKeys}.new`, files.auditKeys);
}

function pemsIn(file: string): readonly string[] {
  return (
    readFileSync(file, 'utf8').match(/-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n?/g) ?? []
  );
}

/** As a whole: the signer may read it at any moment. */
function replacePrivate(file: string, text: string): void {
  writePrivate(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

function newKey(): string {
  return pemOf(generateKeyPairSync('ed25519').privateKey);
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
