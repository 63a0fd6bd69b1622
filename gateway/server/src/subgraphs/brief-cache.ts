import { LRUCache } from 'lru-cache';

/**
 * Longest time an answer about a practitioner or a child is believed, milliseconds: without pushed changes a
 * suspension, a shield or an ended relationship takes effect within a second.
 */
export const BELIEVED_FOR = 1_000;

/** The same while changes are provably pushed, milliseconds: what changes is forgotten when it does. */
export const BELIEVED_WHILE_PUSHED = 5_000;

/** Entries, not bytes: each is a few hundred bytes. */
const LARGEST = 20_000;

interface Entry<Answer> {
  readonly answer: Answer;
  readonly askedAt: number;
  /** Whom the answer is about: it is forgotten with any of them. */
  readonly subjects: readonly string[];
}

/**
 * Remembers answers for a while from when the question was asked, not from when the answer came: an answer that was on its
 * way while something changed may be from before.
 */
export class BriefCache<Answer extends object> {
  readonly #answers = new LRUCache<string, Entry<Answer>>({ max: LARGEST });
  /** Monotonic time at which a subject was forgotten last, in the order of these times. */
  readonly #forgotten = new Map<string, number>();
  #allForgotten = Number.NEGATIVE_INFINITY;
  readonly #now: () => number;
  readonly #pushedSince: () => number | undefined;

  /**
   * @param now Monotonic clock, milliseconds.
   * @param pushedSince As `ChangeWatch.pushedSince`; by default nothing is pushed.
   */
  constructor(now: () => number, pushedSince: () => number | undefined = () => undefined) {
    this.#now = now;
    this.#pushedSince = pushedSince;
  }

  get(key: string): Answer | undefined {
    const entry = this.#answers.get(key);
    if (entry === undefined || this.#now() - entry.askedAt >= this.#believedFor(entry)) return undefined;
    return this.#isForgotten(entry) ? undefined : entry.answer;
  }

  set(key: string, answer: Answer, askedAt: number, subjects: readonly string[] = [key]): void {
    this.#answers.set(key, { answer, askedAt, subjects });
  }

  /** Takes no answer any longer that was asked for until now and is about one of these. */
  forget(subjects: Iterable<string>): void {
    const now = this.#now();
    for (const subject of subjects) {
      this.#forgotten.delete(subject);
      this.#forgotten.set(subject, now);
    }
    for (const [subject, at] of this.#forgotten) {
      if (now - at < BELIEVED_WHILE_PUSHED) break;
      this.#forgotten.delete(subject);
    }
  }

  forgetAll(): void {
    this.#allForgotten = this.#now();
    this.#forgotten.clear();
    this.#answers.clear();
  }

  #believedFor({ askedAt }: Entry<Answer>): number {
    const since = this.#pushedSince();
    return since !== undefined && askedAt > since ? BELIEVED_WHILE_PUSHED : BELIEVED_FOR;
  }

  #isForgotten({ askedAt, subjects }: Entry<Answer>): boolean {
    if (askedAt <= this.#allForgotten) return true;
    return subjects.some((subject) => askedAt <= (this.#forgotten.get(subject) ?? Number.NEGATIVE_INFINITY));
  }
}
