import { LRUCache } from 'lru-cache';

/**
 * Longest time an answer about a practitioner or a child is believed, milliseconds: without pushed changes a
 * suspension, a shield or an ended relationship takes effect within a second.
 */
export const BELIEVED_FOR = 1_000;

/** Entries, not bytes: each is a few hundred bytes. */
const LARGEST = 20_000;

/** Remembers answers for `BELIEVED_FOR` from when the question was asked, not from when the answer came. */
export class BriefCache<Answer extends object> {
  readonly #answers = new LRUCache<string, { readonly answer: Answer; readonly askedAt: number }>({
    max: LARGEST,
  });
  readonly #now: () => number;

  /** @param now Monotonic clock, milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string): Answer | undefined {
    const entry = this.#answers.get(key);
    if (entry === undefined || this.#now() - entry.askedAt >= BELIEVED_FOR) return undefined;
    return entry.answer;
  }

  forget(key: string): void {
    this.#answers.delete(key);
  }

  set(key: string, answer: Answer, askedAt: number): void {
    this.#answers.set(key, { answer, askedAt });
  }
}
