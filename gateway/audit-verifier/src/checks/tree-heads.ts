import type { Hash } from '@contactpoint/audit-log/merkle';
import type { Frontier } from '../frontier.ts';

/** Statements of one kind about the heads of one log, smallest size first. */
export interface HeadSequence {
  /** Leaves of the next one; Infinity after the last. */
  readonly size: number;
  /** Compares the next one with the head that the tree has at its size, and goes on to the one after it. */
  take(root: Hash): void | Promise<void>;
  /** The log ended before the next one. */
  exceed(leaves: number): void;
}

/**
 * Compares everything that was ever said about a log's heads with the tree that its leaves make, in one pass. Heads that
 * all agree with one growing tree are consistent with each other.
 */
export class TreeHeads {
  readonly #sequences: readonly HeadSequence[];
  /** Size at which something is to be compared next. */
  next = 0;

  /** @param sequences Looked at in this order where several speak of one size. */
  constructor(sequences: readonly HeadSequence[]) {
    this.#sequences = sequences;
    this.#seek();
  }

  async compare(frontier: Frontier): Promise<void> {
    const root = frontier.root();
    for (const sequence of this.#sequences) {
      while (sequence.size === frontier.size) await sequence.take(root);
    }
    this.#seek();
  }

  /** @param isWhole Whether all leaves could be read. */
  end(leaves: number, isWhole: boolean): void {
    if (!isWhole) return;
    for (const sequence of this.#sequences) {
      if (sequence.size > leaves && sequence.size !== Number.POSITIVE_INFINITY) sequence.exceed(leaves);
    }
  }

  #seek(): void {
    this.next = Math.min(...this.#sequences.map(({ size }) => size));
  }
}
