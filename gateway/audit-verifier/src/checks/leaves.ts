import type { LeafRange } from '@contactpoint/audit-log/leaf-ranges';
import { type Hash, leafHash } from '@contactpoint/audit-log/merkle';
import type { Findings } from '../findings.ts';

/** Looks whether each leaf is the one that its hash names. */
export class Leaves {
  readonly #origin: string;
  readonly #findings: Findings;
  /** Leaves of which only the hash is left, in order. */
  readonly #gone: [number, number][] = [];

  constructor(origin: string, findings: Findings) {
    this.#origin = origin;
    this.#findings = findings;
  }

  get gone(): readonly LeafRange[] {
    return this.#gone;
  }

  take(index: number, leaf: Uint8Array | undefined, hash: Hash): void {
    if (leaf === undefined) {
      const last = this.#gone.at(-1);
      if (last?.[1] === index - 1) last[1] = index;
      else this.#gone.push([index, index]);
      return;
    }
    if (Buffer.compare(leafHash(leaf), hash) === 0) return;
    this.#findings.add({
      code: 'LEAF',
      origin: this.#origin,
      index,
      message: `leaf ${index} is not what its hash names`,
    });
  }
}
