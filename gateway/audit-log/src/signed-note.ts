import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** A text that others vouch for. @see https://c2sp.org/signed-note */
export interface SignedNote {
  /** Ends in a line feed. */
  readonly text: string;
  /** At least one. */
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  /** Name of the key. */
  readonly name: string;
  /** Four bytes, which tell keys of one name apart. */
  readonly keyHash: Uint8Array;
  readonly signature: Uint8Array;
}

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

/** What is no note, no key, or carries a signature of a known key that does not verify. */
export class NoteError extends Error {
  override readonly name = 'NoteError';
}

/** As many as Go's reader takes. */
const MAX_SIGNATURES = 100;
const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/;
const VKEY = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/;

/** Signature types of signed notes. */
const ED25519 = 0x01;
/** Cosignature of a checkpoint, with its time. @see https://c2sp.org/tlog-cosignature */
const COSIGNATURE = 0x04;

const KEY_BYTES = 32;
const TIMESTAMP_BYTES = 8;

/** @throws NoteError when it is no note; signatures are not verified yet. */
export function readNote(note: string): SignedNote {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n'))
    throw new NoteError('A note is a text, an empty line and signatures');
  const text = note.slice(0, split + 1);
  requireText(text);
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new NoteError(`A note has at most ${MAX_SIGNATURES} signatures`);
  return { text, signatures: lines.map(readSignature) };
}

export function writeNote({ text, signatures }: SignedNote): string {
  requireText(text);
  if (signatures.length === 0) throw new NoteError('A note has at least one signature');
  return `${text}\n${signatures.map(writeSignature).join('')}`;
}

/** The line of one signature as it stands under a note, line feed included. */
export function writeSignature({ name, keyHash, signature }: NoteSignature): string {
  requireName(name);
  return `— ${name} ${Buffer.concat([keyHash, signature]).toString('base64')}\n`;
}

/** @param line Without its line feed. @throws NoteError */
export function readSignature(line: string): NoteSignature {
  const [, name = '', base64 = ''] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = decodeBase64(base64);
  if (bytes.length <= 4) throw new NoteError('A signature line is «— name base64»');
  requireName(name);
  return { name, keyHash: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** @throws NoteError when the name does not fit. */
export function ed25519Signer(name: string, privateKey: KeyObject): NoteSigner {
  const key = encodeKey(ED25519, createPublicKey(privateKey));
  const keyHash = keyHashOf(name, key);
  return {
    name,
    verifierKey: vkeyOf(name, key),
    sign: (text) => ({ name, keyHash, signature: sign(null, Buffer.from(text), privateKey) }),
  };
}

export function ed25519Verifier(name: string, publicKey: KeyObject): NoteVerifier {
  return {
    name,
    keyHash: keyHashOf(name, encodeKey(ED25519, publicKey)),
    verify: (text, signature) => verify(null, Buffer.from(text), publicKey, signature),
  };
}

/** Signs checkpoints of others as a witness does: that at this time no larger tree of the log was known. */
export function cosigner(name: string, privateKey: KeyObject, now: () => Date): NoteSigner {
  const key = encodeKey(COSIGNATURE, createPublicKey(privateKey));
  const keyHash = keyHashOf(name, key);
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
    keyHash: keyHashOf(name, encodeKey(COSIGNATURE, publicKey)),
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
  const [, name = '', hash = '', base64 = ''] = VKEY.exec(vkey) ?? [];
  const key = decodeBase64(base64);
  const type = key[0];
  if (key.length !== KEY_BYTES + 1 || (type !== ED25519 && type !== COSIGNATURE))
    throw new NoteError('A verifier key is «name+hash+base64» of an Ed25519 key');
  if (keyHashOf(name, key).toString('hex') !== hash)
    throw new NoteError(`The verifier key of ${name} does not have the hash that it states`);
  const x = key.subarray(1).toString('base64url');
  return {
    name,
    type,
    publicKey: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
  };
}

function vkeyOf(name: string, key: Buffer): string {
  return `${name}+${keyHashOf(name, key).toString('hex')}+${key.toString('base64')}`;
}

/** Type and public key, as vkeys and key hashes have them. */
function encodeKey(type: number, publicKey: KeyObject): Buffer {
  const { crv, x = '' } = publicKey.export({ format: 'jwk' });
  if (crv !== 'Ed25519') throw new NoteError('Notes are signed by Ed25519 keys');
  return Buffer.concat([Uint8Array.of(type), Buffer.from(x, 'base64url')]);
}

function keyHashOf(name: string, key: Buffer): Buffer {
  requireName(name);
  return createHash('sha256').update(`${name}\n`).update(key).digest().subarray(0, 4);
}

function cosigned(text: string, seconds: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
}

/** Whether a key, and so a log, can have this name. */
export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

function requireName(name: string): void {
  if (!isKeyName(name))
    throw new NoteError('The name of a key is not empty and has neither spaces nor a plus sign');
}

function requireText(text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a note must not hold.
  if (!text.endsWith('\n') || !text.isWellFormed() || /[\u0000-\u0009\u000b-\u001f]/.test(text))
    throw new NoteError('The text of a note is lines of UTF-8 without control characters');
}

/** @throws NoteError for what Node would read past: a missing filler, spare bits. */
function decodeBase64(base64: string): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64) throw new NoteError('Not base64');
  return bytes;
}
