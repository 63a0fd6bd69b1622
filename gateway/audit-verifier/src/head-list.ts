import type { Hash } from '@contactpoint/audit-log/merkle';

const HASH_BYTES = 32;

/**
 * Heads of one tree, smallest first, each with the place that states it. 48 bytes each: a log of a year may have tens of
 * millions.
 */
export class HeadList {
  #sizes = new Float64Array(64);
  #places = new Float64Array(64);
  #roots = new Uint8Array(64 * HASH_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(size: number, root: Hash, place: number): void {
    if (this.#length === this.#sizes.length) this.#grow();
    this.#sizes[this.#length] = size;
    this.#places[this.#length] = place;
    this.#roots.set(root, this.#length * HASH_BYTES);
    this.#length++;
  }

  /** Infinity after the last. */
  sizeAt(position: number): number {
    return position < this.#length ? (this.#sizes[position] as number) : Number.POSITIVE_INFINITY;
  }

  placeAt(position: number): number {
    return this.#places[position] as number;
  }

  rootAt(position: number): Hash {
    return this.#roots.subarray(position * HASH_BYTES, (position + 1) * HASH_BYTES);
  }

  #grow(): void {
    const [sizes, places, roots] = [this.#sizes, this.#places, this.#roots];
    this.#sizes = new Float64Array(sizes.length * 2);
    this.#places = new Float64Array(places.length * 2);
    this.#roots = new Uint8Array(roots.length * 2);
    this.#sizes.set(sizes);
    this.#places.set(places);
    this.#roots.set(roots);
  }
}
