import { EMPTY_ROOT, type Hash, nodeHash } from '@contactpoint/audit-log/merkle';

/** Told about each subtree of 2^height leaves when its last leaf has come. */
export type OnSubtree = (height: number, hash: Hash) => void;

/**
 * A Merkle tree of which only the right edge is kept, at most 53 hashes however long the log: enough to append to it and
 * to tell its head at any size on the way. Whoever compares heads on the way has the proof that each tree only appended
 * to the one before.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6962#section-2.1
 */
export class Frontier {
  /** Complete subtrees from left to right, one for each bit that is set in the size. */
  readonly #subtrees: Hash[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(leafHash: Hash, onSubtree: OnSubtree): void {
    let subtree = leafHash;
    let height = 0;
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) {
      subtree = nodeHash(this.#subtrees.pop() as Hash, subtree);
      height++;
      onSubtree(height, subtree);
    }
    this.#subtrees.push(subtree);
    this.#size++;
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
