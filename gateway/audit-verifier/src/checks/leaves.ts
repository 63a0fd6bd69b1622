import { type Hash, leafHash } from '@contactpoint/audit-log/merkle';
import type { Findings } from '../findings.ts';

/** Looks whether each leaf is the one that its hash names. */
export class Leaves {
  readonly #origin: string;
  readonly #findings: Findings;

  constructor(origin: string, findings: Findings) {
    this.#origin = origin;
    this.#findings = findings;
  }

  take(index: number, leaf: Uint8Array, hash: Hash): void {
    if (Buffer.compare(leafHash(leaf), hash) === 0) return;
    this.#findings.add({
      code: 'LEAF',
      origin: this.#origin,
      index,
      message: `leaf ${index} is not what its hash names`,
    });
  }
}
