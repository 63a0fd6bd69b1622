import type { PathSegment } from '../records/failures.ts';

/** Where in the response the shaping stands. One for a response: it is written out where there is an error, and nowhere else. */
export class ResponsePath {
  readonly #keys: PathSegment[] = [];
  #depth = 0;

  /** Into an object or a list; `step` says to which of its places. */
  enter(): void {
    this.#depth += 1;
  }

  step(key: PathSegment): void {
    this.#keys[this.#depth - 1] = key;
  }

  leave(): void {
    this.#depth -= 1;
  }

  writtenOut(): PathSegment[] {
    return this.#keys.slice(0, this.#depth);
  }
}
