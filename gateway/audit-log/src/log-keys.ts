import type { KeyObject } from 'node:crypto';
import { isKeyName, NoteError } from './note-format.ts';
import { ed25519Verifier, type NoteVerifier, publicKeyOf, verifierOf } from './signed-note.ts';

/** A file of keys is not one. The message names the line. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

/** Public keys of deployments. All logs of a deployment have one key, under a name that is the log's own. */
export interface LogKeys {
  /** Verifiers of the notes of one log; empty where no key of its deployment is known, or no log has such a name. */
  verifiersOf(origin: string): readonly NoteVerifier[];
}

/**
 * Reads verifier keys, one a line, named after deployments. A deployment has several while its key is changed, and a
 * checkpoint is good under any of them. Empty lines and lines that begin with `#` say nothing.
 *
 * @throws KeyFileError
 * @see https://c2sp.org/signed-note
 */
export function readLogKeys(text: string): LogKeys {
  const keys = new Map<string, KeyObject[]>();
  for (const { name, publicKey } of readLines(text, publicKeyOf)) {
    keys.set(name, [...(keys.get(name) ?? []), publicKey]);
  }
  const verifiers = new Map<string, readonly NoteVerifier[]>();
  return {
    verifiersOf(origin) {
      const known = verifiers.get(origin);
      if (known !== undefined) return known;
      // Whoever reads a note asks by what stands in it, whatever that is.
      if (!isKeyName(origin)) return [];
      const [deployment = ''] = origin.split('/');
      const made = (keys.get(deployment) ?? []).map((key) => ed25519Verifier(origin, key));
      verifiers.set(origin, made);
      return made;
    },
  };
}

/** Reads witnesses' verifier keys, one a line. @throws KeyFileError */
export function readWitnessKeys(text: string): readonly NoteVerifier[] {
  return readLines(text, verifierOf);
}

function readLines<T>(text: string, read: (vkey: string) => T): T[] {
  const keys: T[] = [];
  for (const [place, line] of text.split('\n').entries()) {
    const vkey = line.trim();
    if (vkey === '' || vkey.startsWith('#')) continue;
    try {
      keys.push(read(vkey));
    } catch (cause) {
      if (!(cause instanceof NoteError)) throw cause;
      throw new KeyFileError(`line ${place + 1}: ${cause.message}`, { cause });
    }
  }
  if (keys.length === 0) throw new KeyFileError('there is no key in it');
  return keys;
}
