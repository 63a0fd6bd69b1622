/** Leaves that are named one by one; the others are counted. */
const MOST_NAMED = 1_000;

/** Where a leaf of the log stands that is no event which can be read. */
export interface UnreadableLeaf {
  readonly origin: string;
  readonly index: string;
}

/**
 * Leaves that no journal can be held against: nobody can tell what they answer for. A gateway keeps none such; whoever
 * has the writer's password can, in a log of its own.
 */
export class UnreadableLeaves {
  readonly #first = new Map<string, UnreadableLeaf>();
  #count = 0;

  add({ origin, index }: UnreadableLeaf): void {
    const key = `${origin} ${index}`;
    if (this.#first.has(key)) return;
    this.#count++;
    if (this.#first.size < MOST_NAMED) this.#first.set(key, { origin, index });
  }

  get count(): number {
    return this.#count;
  }

  /** The first thousand. */
  get first(): readonly UnreadableLeaf[] {
    return [...this.#first.values()];
  }
}
