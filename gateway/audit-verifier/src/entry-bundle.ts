/** Bytes of an entry's length. */
const LENGTH_BYTES = 2;

/**
 * Writes leaves as tlog-tiles entries: each after its length as a big-endian uint16. A pruned leaf has the length 0,
 * which no access event has.
 *
 * @see https://c2sp.org/tlog-tiles
 */
export function encodeEntries(leaves: readonly (Uint8Array | undefined)[]): Uint8Array {
  const size = leaves.reduce((sum, leaf) => sum + LENGTH_BYTES + (leaf?.byteLength ?? 0), 0);
  const bundle = Buffer.allocUnsafe(size);
  let at = 0;
  for (const leaf of leaves) {
    at = bundle.writeUInt16BE(leaf?.byteLength ?? 0, at);
    if (leaf !== undefined) bundle.set(leaf, at);
    at += leaf?.byteLength ?? 0;
  }
  return bundle;
}

/** @returns undefined where the last entry ends before its length, or after the bundle. */
export function decodeEntries(bundle: Uint8Array): (Uint8Array | undefined)[] | undefined {
  const bytes = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const leaves: (Uint8Array | undefined)[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + LENGTH_BYTES > bytes.length) return undefined;
    const start = at + LENGTH_BYTES;
    const end = start + bytes.readUInt16BE(at);
    if (end > bytes.length) return undefined;
    leaves.push(end === start ? undefined : bytes.subarray(start, end));
    at = end;
  }
  return leaves;
}
