import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { encodeBase64 } from './base64.ts';
import {
  COSIGNATURE,
  ED25519,
  keyHashInput,
  keyHashOf,
  NoteError,
  type NoteSignature,
  readWrittenKey,
  type SignedNote,
  type WrittenKey,
} from './note-format.ts';

export interface NoteVerifier {
  readonly name: string;
  readonly keyHash: Uint8Array;
  verify(text: string, signature: Uint8Array): boolean;
  /** When a signature says it was made, to the second; only of keys whose signatures say so. */
  signedAt?(signature: Uint8Array): Date;
}

export interface NoteSigner {
  readonly name: string;
  /** The vkey, `name+hash+key`, by which others verify what this one signs. */
  readonly verifierKey: string;
  sign(text: string): NoteSignature;
}

const TIMESTAMP_BYTES = 8;

/** @throws NoteError when the name does not fit. */
export function ed25519Signer(name: string, privateKey: KeyObject): NoteSigner {
  const key = keyOf(ED25519, createPublicKey(privateKey));
  const keyHash = hashOf(name, key);
  return {
    name,
    verifierKey: vkeyOf(name, key),
    sign: (text) => ({ name, keyHash, signature: sign(null, Buffer.from(text), privateKey) }),
  };
}

export function ed25519Verifier(name: string, publicKey: KeyObject): NoteVerifier {
  return {
    name,
    keyHash: hashOf(name, keyOf(ED25519, publicKey)),
    verify: (text, signature) => verify(null, Buffer.from(text), publicKey, signature),
  };
}

/** Signs checkpoints of others as a witness does: that at this time no larger tree of the log was known. */
export function cosigner(name: string, privateKey: KeyObject, now: () => Date): NoteSigner {
  const key = keyOf(COSIGNATURE, createPublicKey(privateKey));
  const keyHash = hashOf(name, key);
  return {
    name,
    verifierKey: vkeyOf(name, key),
    sign(text) {
      const seconds = BigInt(Math.floor(now().getTime() / 1000));
      const timestamp = Buffer.alloc(TIMESTAMP_BYTES);
      timestamp.writeBigUInt64BE(seconds);
      const signed = sign(null, cosigned(text, seconds), privateKey);
      return { name, keyHash, signature: Buffer.concat([timestamp, signed]) };
    },
  };
}

export function cosignatureVerifier(name: string, publicKey: KeyObject): NoteVerifier {
  return {
    name,
    keyHash: hashOf(name, keyOf(COSIGNATURE, publicKey)),
    verify(text, signature) {
      if (signature.length <= TIMESTAMP_BYTES) return false;
      const seconds = Buffer.from(signature).readBigUInt64BE();
      return verify(null, cosigned(text, seconds), publicKey, signature.subarray(TIMESTAMP_BYTES));
    },
    signedAt: (signature) => new Date(Number(Buffer.from(signature).readBigUInt64BE()) * 1_000),
  };
}

/** @throws NoteError when it is no vkey, or of a type that is not known here. */
export function verifierOf(vkey: string): NoteVerifier {
  const { name, type, publicKey } = readVkey(vkey);
  return type === ED25519 ? ed25519Verifier(name, publicKey) : cosignatureVerifier(name, publicKey);
}

/** @throws NoteError as `verifierOf`. */
export function publicKeyOf(vkey: string): { readonly name: string; readonly publicKey: KeyObject } {
  const { name, publicKey } = readVkey(vkey);
  return { name, publicKey };
}

/**
 * Names of the known keys that signed the note, each once. Signatures of unknown keys say nothing.
 *
 * @throws NoteError when a known key's signature does not verify: such a note is believed nothing.
 */
export function verifiedBy(note: SignedNote, verifiers: readonly NoteVerifier[]): readonly string[] {
  const names = new Set<string>();
  for (const { name, keyHash, signature } of note.signatures) {
    const known = verifiers.filter((one) => one.name === name && Buffer.compare(one.keyHash, keyHash) === 0);
    if (known.length === 0) continue;
    // More than one where hashes of two keys collide.
    if (!known.some((one) => one.verify(note.text, signature)))
      throw new NoteError(`The signature of ${name} does not verify`);
    names.add(name);
  }
  return [...names];
}

function readVkey(vkey: string): { name: string; type: number; publicKey: KeyObject } {
  const { name, hash, type, publicKey } = readWrittenKey(vkey);
  const key = { type, publicKey };
  if (hexHashOf(name, key) !== hash)
    throw new NoteError(`The verifier key of ${name} does not have the hash that it states`);
  const x = Buffer.from(publicKey).toString('base64url');
  return {
    name,
    type,
    publicKey: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
  };
}

function vkeyOf(name: string, key: Key): string {
  const bytes = Uint8Array.of(key.type, ...key.publicKey);
  return `${name}+${hexHashOf(name, key)}+${encodeBase64(bytes)}`;
}

type Key = Pick<WrittenKey, 'type' | 'publicKey'>;

function keyOf(type: WrittenKey['type'], publicKey: KeyObject): Key {
  const { crv, x = '' } = publicKey.export({ format: 'jwk' });
  if (crv !== 'Ed25519') throw new NoteError('Notes are signed by Ed25519 keys');
  return { type, publicKey: new Uint8Array(Buffer.from(x, 'base64url')) };
}

function hashOf(name: string, key: Key): Uint8Array {
  return keyHashOf(createHash('sha256').update(keyHashInput(name, key)).digest());
}

function hexHashOf(name: string, key: Key): string {
  return Buffer.from(hashOf(name, key)).toString('hex');
}

function cosigned(text: string, seconds: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
}
