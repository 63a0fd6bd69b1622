import type { Checkpoint } from '@contactpoint/audit-log/checkpoint';
import { CompactTree } from '@contactpoint/audit-log/compact-tree';
import { type Hash, leafHash } from '@contactpoint/audit-log/merkle';

/**
 * What this process sent to its log, so that it need not believe a database what the log holds: a checkpoint is over these
 * leaves, in this order, or over something else. Of what a checkpoint covers only the head is kept, of what none covers yet
 * 32 bytes a leaf.
 */
export class OwnLeaves {
  /** Up to the last checkpoint that was over them. */
  #covered = new CompactTree();
  /** From there on. */
  #later: Hash[] = [];

  /** Leaves under a checkpoint. */
  get covered(): bigint {
    return this.#covered.size;
  }

  /** @param first Index of the first leaf. What was sent under it before, or behind it, was not kept. */
  sent(first: bigint, leaves: readonly Uint8Array[]): void {
    const place = Number(first - this.#covered.size);
    if (place < 0 || place > this.#later.length)
      throw new RangeError(`Leaf ${first} does not follow on what was sent`);
    this.#later.length = place;
    for (const leaf of leaves) this.#later.push(leafHash(leaf));
  }

  /**
   * Whether a signed checkpoint is over what was sent. One that is, and is newer, counts as cover from then on; one that is
   * older than the last says nothing new and contradicts nothing.
   */
  agrees({ size, root }: Pick<Checkpoint, 'size' | 'root'>): boolean {
    if (size < this.#covered.size) return true;
    const added = Number(size - this.#covered.size);
    if (added > this.#later.length) return false;
    const tree = this.#covered.with(this.#later.slice(0, added));
    if (Buffer.compare(tree.root(), root) !== 0) return false;
    this.#covered = tree;
    this.#later = this.#later.slice(added);
    return true;
  }
}
