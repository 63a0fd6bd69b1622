import { hash } from 'node:crypto';
import { NODE, siblingSides, splitPoint } from './inclusion-sides.ts';

/** SHA-256, 32 bytes. */
export type Hash = Uint8Array;

/** Bytes of a hash. */
export const HASH_BYTES = 32;

/**
 * Hash of one leaf. In one piece and in one call it takes half of what updates for prefix and leaf do.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6962#section-2.1
 */
export function leafHash(leaf: Uint8Array): Hash {
  return hash('sha256', prefixedLeaf(leaf), 'buffer');
}

/**
 * The same where many are kept: 32 bytes that are written, and no object a leaf for the collector to follow.
 *
 * @param at Offset in `into`.
 */
export function writeLeafHash(leaf: Uint8Array, into: Buffer, at: number): void {
  into.write(hash('sha256', prefixedLeaf(leaf), 'binary'), at, HASH_BYTES, 'latin1');
}

/** Room for the longest leaf behind its prefix, used again and again: new room for each takes a quarter of `writeLeafHash`. */
const room = Buffer.alloc(65_536);

function prefixedLeaf(leaf: Uint8Array): Uint8Array {
  const length = leaf.byteLength + 1;
  const prefixed = length > room.length ? Buffer.allocUnsafe(length) : room.subarray(0, length);
  prefixed[0] = LEAF;
  prefixed.set(leaf, 1);
  return prefixed;
}

/** Hash over two subtrees. */
export function nodeHash(left: Hash, right: Hash): Hash {
  const prefixed = Buffer.allocUnsafe(left.byteLength + right.byteLength + 1);
  prefixed[0] = NODE;
  prefixed.set(left, 1);
  prefixed.set(right, left.byteLength + 1);
  return hash('sha256', prefixed, 'buffer');
}

/** Head of the empty tree. */
export const EMPTY_ROOT: Hash = hash('sha256', '', 'buffer');

const LEAF = 0x00;

/**
 * An append-only Merkle tree in memory, 64 bytes a leaf. It keeps the hash of every complete subtree, which never
 * changes again, so that the head and the proofs of any earlier size take logarithmic time.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6962#section-2.1
 */
export class MerkleTree {
  /** `levels[h][i]` is the hash over the leaves from `i * 2^h` to `(i + 1) * 2^h`. */
  readonly #levels: Hash[][] = [[]];

  /** @param hashes Leaf hashes, not leaves. */
  constructor(hashes: Iterable<Hash> = []) {
    for (const hash of hashes) this.append(hash);
  }

  get size(): number {
    return this.#levels[0]?.length ?? 0;
  }

  append(hash: Hash): void {
    for (let height = 0, subtree = hash; ; height++) {
      const level = this.#levels[height] ?? [];
      this.#levels[height] = level;
      level.push(subtree);
      if (level.length % 2 === 1) return;
      subtree = nodeHash(at(level, level.length - 2), subtree);
    }
  }

  /** @throws RangeError when the tree was never that large, as do all others. */
  root(size = this.size): Hash {
    this.#requireSize(size);
    return size === 0 ? EMPTY_ROOT : this.#hashOf(0, size);
  }

  /** The audit path of one leaf in the tree as it was at `size`, lowest sibling first. */
  inclusionProof(index: number, size = this.size): Hash[] {
    this.#requireSize(size);
    if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
      throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
    }
    const path: Hash[] = [];
    let [start, end] = [0, size];
    while (end - start > 1) {
      const middle = start + splitPoint(end - start);
      if (index < middle) {
        path.push(this.#hashOf(middle, end));
        end = middle;
      } else {
        path.push(this.#hashOf(start, middle));
        start = middle;
      }
    }
    return path.reverse();
  }

  /** Proves that the tree of `from` leaves is the beginning of the one of `to`. */
  consistencyProof(from: number, to = this.size): Hash[] {
    this.#requireSize(to);
    if (!Number.isSafeInteger(from) || from < 0 || from > to) {
      throw new RangeError(`a tree of ${from} is no beginning of one of ${to}`);
    }
    if (from === 0 || from === to) return [];
    const path: Hash[] = [];
    let [start, end] = [0, to];
    while (from !== end) {
      const middle = start + splitPoint(end - start);
      if (from <= middle) {
        path.push(this.#hashOf(middle, end));
        end = middle;
      } else {
        path.push(this.#hashOf(start, middle));
        start = middle;
      }
    }
    // The old tree is a subtree of the new one: whoever verifies has its root already.
    if (start > 0) path.push(this.#hashOf(start, end));
    return path.reverse();
  }

  #hashOf(start: number, end: number): Hash {
    const size = end - start;
    const height = Math.log2(size);
    if (Number.isInteger(height)) return at(this.#levels[height] ?? [], start / size);
    const middle = start + splitPoint(size);
    return nodeHash(this.#hashOf(start, middle), this.#hashOf(middle, end));
  }

  #requireSize(size: number): void {
    if (!Number.isSafeInteger(size) || size < 0 || size > this.size) {
      throw new RangeError(`the tree holds ${this.size} leaves, not ${size}`);
    }
  }
}

export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Hash;
  readonly root: Hash;
}

/** Whether the path proves that the leaf stands at `index` of the tree with this root. Never throws. */
export function verifyInclusion(claim: InclusionClaim, path: readonly Hash[]): boolean {
  const sides = siblingSides(claim.index, claim.size);
  if (sides?.length !== path.length) return false;
  const root = path.reduce(
    (below, sibling, place) =>
      sides[place] === 'LEFT' ? nodeHash(sibling, below) : nodeHash(below, sibling),
    claim.leafHash,
  );
  return same(root, claim.root);
}

export interface ConsistencyClaim {
  readonly from: number;
  readonly fromRoot: Hash;
  readonly to: number;
  readonly toRoot: Hash;
}

/** Whether the path proves that the larger tree only appended to the smaller one. Never throws. */
export function verifyConsistency(
  { from, fromRoot, to, toRoot }: ConsistencyClaim,
  path: readonly Hash[],
): boolean {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to) return false;
  if (from === 0) return path.length === 0 && same(fromRoot, EMPTY_ROOT);
  const remaining = [...path];
  const roots = rootsAbove(from, to, remaining, fromRoot);
  return (
    roots !== undefined && remaining.length === 0 && same(roots.from, fromRoot) && same(roots.to, toRoot)
  );
}

/** Follows RFC 6962's SUBPROOF backwards. @param known The old root, while the old tree may still be a subtree. */
function rootsAbove(
  from: number,
  to: number,
  path: Hash[],
  known: Hash | undefined,
): { from: Hash; to: Hash } | undefined {
  if (from === to) {
    const hash = known ?? path.pop();
    return hash && { from: hash, to: hash };
  }
  const sibling = path.pop();
  if (sibling === undefined) return undefined;
  const left = splitPoint(to);
  if (from <= left) {
    const below = rootsAbove(from, left, path, known);
    return below && { from: below.from, to: nodeHash(below.to, sibling) };
  }
  const below = rootsAbove(from - left, to - left, path, undefined);
  return below && { from: nodeHash(sibling, below.from), to: nodeHash(sibling, below.to) };
}

function at(level: readonly Hash[], position: number): Hash {
  const hash = level[position];
  if (hash === undefined) throw new RangeError(`no subtree at ${position}`);
  return hash;
}

function same(one: Hash, other: Hash): boolean {
  return Buffer.compare(one, other) === 0;
}
