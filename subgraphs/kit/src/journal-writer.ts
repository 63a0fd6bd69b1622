import { type JournalEntry, journal } from './journal.ts';
import type { Store } from './store.ts';

/** Writes journal entries of operations that end at about the same time together. */
export interface JournalWriter {
  /** Resolves once the entry is committed: until then nothing of what it tells may leave. */
  write(entry: JournalEntry): Promise<void>;
}

interface Waiting {
  readonly entry: JournalEntry;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/** Entries of one statement at most. */
const LARGEST = 100;

/**
 * No timer: what is written next is what arrived while the statement before was under way. With one operation at a time
 * each entry has a statement of its own, at once.
 */
export function createJournalWriter(store: Store): JournalWriter {
  let waiting: Waiting[] = [];
  let isWriting = false;

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const together = waiting.slice(0, LARGEST);
      waiting = waiting.slice(LARGEST);
      await writeTogether(store, together);
    }
    isWriting = false;
  }

  return {
    write: (entry) =>
      new Promise((resolve, reject) => {
        waiting.push({ entry, resolve, reject });
        if (!isWriting) void writeAll();
      }),
  };
}

/** Never rejects. Where a statement fails, each entry has another of its own: nobody's answer fails for another's entry. */
async function writeTogether(store: Store, together: readonly Waiting[]): Promise<void> {
  try {
    await journal(
      store,
      together.map(({ entry }) => entry),
    );
    for (const { resolve } of together) resolve();
  } catch (cause) {
    const [only] = together;
    if (together.length === 1) only?.reject(cause);
    else await Promise.all(together.map((one) => writeTogether(store, [one])));
  }
}
