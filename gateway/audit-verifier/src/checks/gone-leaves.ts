import type { LeafRange } from '@contactpoint/audit-log/leaf-ranges';
import { bootTimeOf } from '@contactpoint/audit-log/origin';
import { readJson } from '../leaf-kind.ts';

/** Leaves of one log of which only the hash is left, and when they can have been kept at the earliest. */
export class GoneLeaves {
  /**
   * For each range, milliseconds of the epoch before which its leaves were not kept, as the leaves before them say and the
   * boot in the log's name; never less than for the range before.
   */
  readonly since: number[] = [];
  readonly #ranges: [number, number][] = [];
  #latest: number;
  #before: Uint8Array | undefined;

  constructor(origin: string) {
    this.#latest = bootTimeOf(origin)?.getTime() ?? Number.NEGATIVE_INFINITY;
  }

  /** In order. */
  get ranges(): readonly LeafRange[] {
    return this.#ranges;
  }

  take(index: number, leaf: Uint8Array | undefined): void {
    if (leaf === undefined) this.#forget(index);
    this.#before = leaf;
  }

  #forget(index: number): void {
    const last = this.#ranges.at(-1);
    if (last?.[1] === index - 1) {
      last[1] = index;
      return;
    }
    // Read here alone: decoding each leaf would take longer than hashing it.
    const at = this.#before === undefined ? undefined : readJson(this.#before)?.['at'];
    const time = typeof at === 'string' ? Date.parse(at) : Number.NaN;
    if (time > this.#latest) this.#latest = time;
    this.#ranges.push([index, index]);
    this.since.push(this.#latest);
  }
}
