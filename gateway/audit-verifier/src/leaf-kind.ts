/** How every access event's JSON begins; its keys have one order. */
const HEAD = Buffer.from('{"version":1,"kind":"');

const QUOTE = 0x22;

/** Kinds of which the verifier reads more than the kind. */
const READ_KINDS: ReadonlySet<string> = new Set(['intent', 'outcome', 'import', 'prune', 'boot']);

/**
 * What kind of event a leaf is, told from its first bytes: decoding each leaf would take longer than hashing it.
 * Undefined for a kind that the verifier need not read, and for what is no access event.
 */
export function kindOf(leaf: Uint8Array): string | undefined {
  const bytes = Buffer.from(leaf.buffer, leaf.byteOffset, leaf.byteLength);
  const kind = bytes.subarray(0, HEAD.length).equals(HEAD)
    ? bytes.toString('latin1', HEAD.length, bytes.indexOf(QUOTE, HEAD.length))
    : // A later version may write its keys in another order.
      readJson(bytes)?.['kind'];
  return typeof kind === 'string' && READ_KINDS.has(kind) ? kind : undefined;
}

/** @returns undefined where the leaf is no JSON object in UTF-8. */
export function readJson(leaf: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(leaf));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
