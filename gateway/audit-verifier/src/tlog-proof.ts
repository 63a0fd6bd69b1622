import type { Hash } from '@contactpoint/audit-log/merkle';

/** That one leaf stands in a log, for whoever has the log's public key and nothing else. */
export interface TlogProof {
  /** What the application adds; nothing vouches for it. */
  readonly extra?: Uint8Array;
  readonly index: bigint;
  /** Audit path, lowest sibling first. */
  readonly path: readonly Hash[];
  /** Signed note. */
  readonly checkpoint: string;
}

/** The text is no proof. The message says what is missing. */
export class ProofFormatError extends Error {
  override readonly name = 'ProofFormatError';
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const HASH_BYTES = 32;

/** @see https://c2sp.org/tlog-proof */
export function writeProof({ extra, index, path, checkpoint }: TlogProof): string {
  const lines = [
    HEADER,
    ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]),
    `index ${index}`,
    ...path.map(toBase64),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** @throws ProofFormatError */
export function readProof(text: string): TlogProof {
  const end = text.indexOf('\n\n');
  if (end === -1) throw new ProofFormatError('no empty line and checkpoint after the proof');
  const [header, ...lines] = text.slice(0, end).split('\n');
  if (header !== HEADER) throw new ProofFormatError(`the first line is not ${HEADER}`);
  const extra = lines[0]?.startsWith('extra ')
    ? fromBase64(lines.shift()?.slice('extra '.length))
    : undefined;
  const [, digits] = /^index (0|[1-9]\d{0,17})$/.exec(lines.shift() ?? '') ?? [];
  if (digits === undefined) throw new ProofFormatError('no index');
  const path = lines.map(fromBase64);
  if (path.some(({ byteLength }) => byteLength !== HASH_BYTES))
    throw new ProofFormatError('a hash has not 32 bytes');
  return {
    ...(extra === undefined ? {} : { extra }),
    index: BigInt(digits),
    path,
    checkpoint: text.slice(end + 2),
  };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function fromBase64(text = ''): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (text === '' || bytes.toString('base64') !== text) throw new ProofFormatError('a line is not base64');
  return bytes;
}
