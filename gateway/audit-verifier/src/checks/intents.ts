import { readJson } from '../leaf-kind.ts';

/** Receipts kept of intents that stayed without an outcome; the others are only counted. */
const MOST_NAMED = 20;

/** Mutations of which the log has the intent and not the outcome: done or not, and for a person to look into. */
export class Intents {
  readonly #open = new Set<number>();

  take(kind: string | undefined, index: number, leaf: Uint8Array): void {
    if (kind === 'intent') {
      // An event of several parts is named by its first.
      if (readJson(leaf)?.['part'] === 1) this.#open.add(index);
    } else if (kind === 'outcome' || kind === 'import') {
      const intent = readJson(leaf)?.['intentIndex'];
      if (typeof intent === 'string') this.#open.delete(Number(intent));
    }
  }

  get count(): number {
    return this.#open.size;
  }

  /** Indexes of the first of them. */
  get first(): readonly number[] {
    return [...this.#open].slice(0, MOST_NAMED);
  }
}
