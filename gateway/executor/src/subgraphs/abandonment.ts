/**
 * Of one operation: nobody waits any longer for what is still asked for it. An AbortSignal would do, but its listeners cost
 * each fetch more than the fetch's own bookkeeping (docs/adr/0084).
 */
export class Abandonment {
  readonly #listeners = new Set<() => void>();
  #isAbandoned = false;

  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  /** Only the first call does anything. */
  abandon(): void {
    if (this.#isAbandoned) return;
    this.#isAbandoned = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  /** @param listener Called once, when it is abandoned; not where it is already. */
  tell(listener: () => void): void {
    this.#listeners.add(listener);
  }

  untell(listener: () => void): void {
    this.#listeners.delete(listener);
  }
}
