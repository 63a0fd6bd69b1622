import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { checkpointText } from '@contactpoint/audit-log/checkpoint';
import { readNote, writeNote } from '@contactpoint/audit-log/note-format';
import { ed25519Signer, ed25519Verifier, publicKeyOf, verifiedBy } from '@contactpoint/audit-log/signed-note';
import { SettingError } from './setting-error.ts';
import type { SignedCheckpoint } from './signed-checkpoint.ts';

/** The keys of one deployment. Every log of it is signed by the same ones, under its origin as the key's name. */
export interface CheckpointKeys {
  /** Signs the head of a log. While a rotation is under way the note has a line of each key, the newest one first. */
  sign(head: Omit<SignedCheckpoint, 'note'>): SignedCheckpoint;
  /** Whether a key of the deployment, one that was given up included, signed this note of the log. */
  vouchFor(origin: string, note: string): boolean;
}

const PEM = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/g;

/**
 * @param file PKCS#8 in PEM, Ed25519, readable by its owner alone; a second block is the key that is on its way out.
 * @param publicFile Every vkey the deployment ever had, one a line, or undefined.
 * @throws SettingError where a file cannot be read, may be read by others, or holds something else.
 */
export function readCheckpointKeys(file: string, publicFile: string | undefined): CheckpointKeys {
  const privateKeys = readPrivateKeys('CHECKPOINT_KEY_FILE', file);
  const former = publicFile === undefined ? [] : readPublicKeys('AUDIT_KEYS_FILE', publicFile);
  const publicKeys = [...privateKeys.map((key) => createPublicKey(key)), ...former];
  return {
    sign(head) {
      const text = checkpointText({ ...head, extensions: [] });
      const signatures = privateKeys.map((key) => ed25519Signer(head.origin, key).sign(text));
      return { ...head, note: writeNote({ text, signatures }) };
    },
    vouchFor(origin, note) {
      const verifiers = publicKeys.map((key) => ed25519Verifier(origin, key));
      try {
        return verifiedBy(readNote(note), verifiers).includes(origin);
      } catch {
        return false;
      }
    },
  };
}

/** @throws SettingError as above. Never says what the file holds. */
export function readPrivateKeys(setting: string, file: string): readonly [KeyObject, ...KeyObject[]] {
  let keys: KeyObject[];
  try {
    if ((statSync(file).mode & 0o077) !== 0)
      throw new SettingError(setting, 'names a file that others may read');
    keys = (readFileSync(file, 'utf8').match(PEM) ?? []).map((pem) => createPrivateKey(pem));
  } catch (cause) {
    if (cause instanceof SettingError) throw cause;
    // Without the cause: what is wrong with a key may quote it.
    throw new SettingError(setting, 'names a file that cannot be read as a key');
  }
  const [first, ...others] = keys;
  if (first === undefined || keys.some((key) => key.asymmetricKeyType !== 'ed25519'))
    throw new SettingError(setting, 'names a file that holds no Ed25519 key, PKCS#8 in PEM');
  return [first, ...others];
}

function readPublicKeys(setting: string, file: string): KeyObject[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line.trim() !== '').map((line) => publicKeyOf(line.trim()).publicKey);
  } catch (cause) {
    throw new SettingError(setting, 'names a file that is not a list of vkeys', { cause });
  }
}
