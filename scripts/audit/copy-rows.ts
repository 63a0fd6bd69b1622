/** A row of binary COPY: its fields, null ones undefined. */
export type CopyRow = readonly (Buffer | undefined)[];

/** The stream is not what PostgreSQL writes. */
export class CopyFormatError extends Error {
  override readonly name = 'CopyFormatError';
}

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Signature, flags, and the length of an extension that there is none of. */
const HEADER_BYTES = SIGNATURE.length + 8;
const END = -1;
const NULL = -1;

/**
 * Rows of `copy … to stdout (format binary)`, some hundreds at a time. The text form would send every byte as two, and
 * the driver would make an object of each row: a third of the time this takes.
 *
 * @throws CopyFormatError
 * @see https://www.postgresql.org/docs/current/sql-copy.html
 */
export async function* readCopyRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly CopyRow[]> {
  let pending: Buffer = Buffer.alloc(0);
  let isOpen = false;
  for await (const chunk of chunks) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    let at = 0;
    if (!isOpen) {
      if (pending.length < HEADER_BYTES) continue;
      if (!pending.subarray(0, SIGNATURE.length).equals(SIGNATURE))
        throw new CopyFormatError('no binary COPY');
      at = HEADER_BYTES;
      isOpen = true;
    }
    const { rows, end, isLast } = takeRows(pending, at);
    if (rows.length > 0) yield rows;
    if (isLast) return;
    pending = pending.subarray(end);
  }
  throw new CopyFormatError('COPY ended before its end');
}

/** Every row that is there in full. */
function takeRows(bytes: Buffer, from: number): { rows: CopyRow[]; end: number; isLast: boolean } {
  const rows: CopyRow[] = [];
  let end = from;
  while (end + 2 <= bytes.length) {
    const fields = bytes.readInt16BE(end);
    if (fields === END) return { rows, end, isLast: true };
    const row: (Buffer | undefined)[] = [];
    let at = end + 2;
    while (row.length < fields && at + 4 <= bytes.length) {
      const length = bytes.readInt32BE(at);
      const start = at + 4;
      const next = length === NULL ? start : start + length;
      if (next > bytes.length) return { rows, end, isLast: false };
      row.push(length === NULL ? undefined : bytes.subarray(start, next));
      at = next;
    }
    if (row.length < fields) return { rows, end, isLast: false };
    rows.push(row);
    end = at;
  }
  return { rows, end, isLast: false };
}
