import { decodeBase64, encodeBase64 } from './base64.ts';

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
  readonly signature: Uint8Array<ArrayBuffer>;
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
export const ED25519 = 0x01;
/** Cosignature of a checkpoint, with its time. @see https://c2sp.org/tlog-cosignature */
export const COSIGNATURE = 0x04;

const KEY_BYTES = 32;
const KEY_HASH_BYTES = 4;

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
  requireKeyName(name);
  return `— ${name} ${encodeBase64(Uint8Array.of(...keyHash, ...signature))}\n`;
}

/** @param line Without its line feed. @throws NoteError */
export function readSignature(line: string): NoteSignature {
  const [, name = '', base64 = ''] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = decodeBase64(base64);
  if (bytes === undefined) throw new NoteError('Not base64');
  if (bytes.length <= KEY_HASH_BYTES) throw new NoteError('A signature line is «— name base64»');
  requireKeyName(name);
  return { name, keyHash: bytes.slice(0, KEY_HASH_BYTES), signature: bytes.slice(KEY_HASH_BYTES) };
}

/** A verifier key as it is written, `name+hash+key`. Whether its hash is its own, who hashes has to look. */
export interface WrittenKey {
  readonly name: string;
  /** Eight hex digits. */
  readonly hash: string;
  readonly type: typeof ED25519 | typeof COSIGNATURE;
  /** 32 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

/** @throws NoteError when it is no vkey, or of a type that is not known here. */
export function readWrittenKey(vkey: string): WrittenKey {
  const [, name = '', hash = '', base64 = ''] = VKEY.exec(vkey) ?? [];
  const key = decodeBase64(base64);
  if (key === undefined) throw new NoteError('Not base64');
  const type = key[0];
  if (key.length !== KEY_BYTES + 1 || (type !== ED25519 && type !== COSIGNATURE))
    throw new NoteError('A verifier key is «name+hash+base64» of an Ed25519 key');
  return { name, hash, type, publicKey: key.slice(1) };
}

/** What the first four bytes of SHA-256 of are the hash of a key. @throws NoteError when no key can have the name. */
export function keyHashInput(
  name: string,
  { type, publicKey }: Pick<WrittenKey, 'type' | 'publicKey'>,
): Uint8Array<ArrayBuffer> {
  requireKeyName(name);
  return Uint8Array.of(...new TextEncoder().encode(`${name}\n`), type, ...publicKey);
}

/** Bytes of a key hash, from the SHA-256 of `keyHashInput`. */
export function keyHashOf(digest: Uint8Array): Uint8Array {
  return Uint8Array.from(digest.subarray(0, KEY_HASH_BYTES));
}

/** Whether a key, and so a log, can have this name. */
export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

export function requireKeyName(name: string): void {
  if (!isKeyName(name))
    throw new NoteError('The name of a key is not empty and has neither spaces nor a plus sign');
}

function requireText(text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a note must not hold.
  if (!text.endsWith('\n') || !text.isWellFormed() || /[\u0000-\u0009\u000b-\u001f]/.test(text))
    throw new NoteError('The text of a note is lines of UTF-8 without control characters');
}
