import type { Checkpoint } from '@contactpoint/audit-log/checkpoint';
import { CompactTree } from '@contactpoint/audit-log/compact-tree';
import { HASH_BYTES, type Hash, writeLeafHash } from '@contactpoint/audit-log/merkle';

/**
 * What this process sent to its log, so that it need not believe a database what the log holds: a checkpoint is over these
 * leaves, in this order, or over something else. Of what a checkpoint covers only the head is kept, of what none covers yet
 * 32 bytes a leaf.
 */
export class OwnLeaves {
  /** Up to the last checkpoint that was over them. */
  #covered = new CompactTree();
  /** Hashes from there on, one after the other, and room for more. */
  #later = Buffer.alloc(0);
  #waiting = 0;

  /** Leaves under a checkpoint. */
  get covered(): bigint {
    return this.#covered.size;
  }

  /** @param first Index of the first leaf. What was sent under it before, or behind it, was not kept. */
  sent(first: bigint, leaves: readonly Uint8Array[]): void {
    const place = Number(first - this.#covered.size);
    if (place < 0 || place > this.#waiting)
      throw new RangeError(`Leaf ${first} does not follow on what was sent`);
    this.#waiting = place + leaves.length;
    this.#makeRoom();
    for (const [offset, leaf] of leaves.entries())
      writeLeafHash(leaf, this.#later, (place + offset) * HASH_BYTES);
  }

  /**
   * Whether a signed checkpoint is over what was sent. One that is, and is newer, counts as cover from then on; one that is
   * older than the last says nothing new and contradicts nothing.
   */
  agrees({ size, root }: Pick<Checkpoint, 'size' | 'root'>): boolean {
    if (size < this.#covered.size) return true;
    const added = Number(size - this.#covered.size);
    if (added > this.#waiting) return false;
    const tree = this.#covered.with(this.#first(added));
    if (Buffer.compare(tree.root(), root) !== 0) return false;
    this.#covered = tree;
    this.#later = Buffer.from(this.#later.subarray(added * HASH_BYTES, this.#waiting * HASH_BYTES));
    this.#waiting -= added;
    return true;
  }

  #makeRoom(): void {
    const needed = this.#waiting * HASH_BYTES;
    if (needed <= this.#later.length) return;
    const larger = Buffer.alloc(Math.max(2 * this.#later.length, needed));
    larger.set(this.#later);
    this.#later = larger;
  }

  /** Each by itself: a tree keeps some of them, and would keep all of the others with it. */
  *#first(count: number): Generator<Hash> {
    for (let place = 0; place < count; place++) {
      const at = place * HASH_BYTES;
      yield Uint8Array.prototype.slice.call(this.#later, at, at + HASH_BYTES);
    }
  }
}
