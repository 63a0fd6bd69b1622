import { decodeBase64, encodeBase64 } from './base64.ts';
import type { Hash } from './merkle.ts';
import { NoteError } from './note-format.ts';

/** What a log held when it was looked at: the text of a signed note. @see https://c2sp.org/tlog-checkpoint */
export interface Checkpoint {
  /** Name of the log, see `originOf`. */
  readonly origin: string;
  /** Leaves. */
  readonly size: bigint;
  /** RFC 6962 root hash over them, 32 bytes. */
  readonly root: Hash;
  /** Lines after the third; this log writes none. */
  readonly extensions: readonly string[];
}

/** Three lines, and the extensions. */
export function checkpointText({ origin, size, root, extensions }: Checkpoint): string {
  const lines = [origin, size.toString(), encodeBase64(root), ...extensions];
  if (lines.some((line) => line === '' || line.includes('\n')))
    throw new NoteError('A checkpoint is made of lines that are not empty');
  return `${lines.join('\n')}\n`;
}

/** @param text As in `SignedNote`. @throws NoteError naming the line that is wrong. */
export function readCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw new NoteError('A checkpoint ends in a line feed');
  const [origin = '', size = '', hash = '', ...extensions] = text.slice(0, -1).split('\n');
  if (origin === '') throw new NoteError('The first line of a checkpoint names a log');
  // At most 18 digits: PostgreSQL's bigint holds no more.
  if (!/^(0|[1-9]\d{0,17})$/.test(size))
    throw new NoteError('The second line of a checkpoint is a tree size');
  const root = decodeBase64(hash);
  if (root?.length !== 32) throw new NoteError('The third line of a checkpoint is a root hash');
  if (extensions.includes('')) throw new NoteError('No line of a checkpoint is empty');
  return { origin, size: BigInt(size), root, extensions };
}
