import { EMPTY_ROOT, type Hash, nodeHash } from './merkle.ts';

/**
 * An append-only Merkle tree that knows its head and nothing else: the roots of its complete subtrees, at most one of each
 * height, are all that later heads depend on.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6962#section-2.1
 */
export class CompactTree {
  #size = 0n;
  /** Largest and leftmost first. */
  #subtrees: readonly Hash[] = [];

  get size(): bigint {
    return this.#size;
  }

  /** The tree with more leaves; this one stays as it is. @param hashes Leaf hashes, not leaves. */
  with(hashes: Iterable<Hash>): CompactTree {
    const subtrees = [...this.#subtrees];
    let size = this.#size;
    for (const hash of hashes) {
      let subtree = hash;
      // As in adding one to a binary number: two trees of a height become one of the next.
      for (let carry = size; carry % 2n === 1n; carry /= 2n)
        subtree = nodeHash(subtrees.pop() as Hash, subtree);
      subtrees.push(subtree);
      size += 1n;
    }
    const tree = new CompactTree();
    tree.#size = size;
    tree.#subtrees = subtrees;
    return tree;
  }

  root(): Hash {
    return (
      this.#subtrees.reduceRight<Hash | undefined>(
        (right, left) => (right === undefined ? left : nodeHash(left, right)),
        undefined,
      ) ?? EMPTY_ROOT
    );
  }
}
