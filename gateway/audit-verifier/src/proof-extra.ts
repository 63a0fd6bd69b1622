import { type Hash, leafHash } from '@contactpoint/audit-log/merkle';

/**
 * What a proof's `extra` line carries: the leaf, or its hash for whoever is not to read it. The first byte tells them
 * apart: 0 before a leaf, so that the SHA-256 of the whole is the leaf's hash (RFC 6962); 0x12 0x20 before a hash, which
 * makes it a multihash.
 *
 * @see https://github.com/multiformats/multihash
 */
export type ProofExtra = { readonly leaf: Uint8Array } | { readonly leafHash: Hash };

const LEAF = 0x00;
const SHA2_256 = [0x12, 0x20] as const;
const HASH_BYTES = 32;

export function encodeExtra(extra: ProofExtra): Uint8Array {
  return 'leaf' in extra
    ? Buffer.concat([Uint8Array.of(LEAF), extra.leaf])
    : Buffer.concat([Uint8Array.from(SHA2_256), extra.leafHash]);
}

/** @returns undefined for what is neither. */
export function decodeExtra(bytes: Uint8Array): ProofExtra | undefined {
  if (bytes[0] === LEAF) return { leaf: bytes.subarray(1) };
  const isHash = bytes[0] === SHA2_256[0] && bytes[1] === SHA2_256[1] && bytes.byteLength === HASH_BYTES + 2;
  return isHash ? { leafHash: bytes.subarray(2) } : undefined;
}

export function leafHashOf(extra: ProofExtra): Hash {
  return 'leaf' in extra ? leafHash(extra.leaf) : extra.leafHash;
}
