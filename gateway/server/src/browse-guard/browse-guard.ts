import { AccessError } from '@contactpoint/access/access-error';
import type { Principal } from '@contactpoint/access/principal';
import type { Role } from '@contactpoint/access/role';
import type { BrowseCounters } from './counters.ts';
import type { LimitsByRole } from './limits.ts';
import type { Shown } from './shown.ts';
import { type Counted, type Excess, excessOf, minuteOf } from './window.ts';

/**
 * Keeps one practitioner from looking through the records of many. It counts what an answer shows, decided child by child
 * and never by what is stored of the child: a shielded child counts like one with an empty record, an unrelated number
 * like an unknown one.
 *
 * Counting comes before comparing, so that requests at once cannot together pass a limit that each of them alone would
 * keep; and the count that passes a limit stays when the answer is refused, or its refusal would be a free question. What
 * lies beyond it is not counted: nobody was shown it.
 *
 * Each method throws AccessError RECORD_LIMIT_EXCEEDED with the name of the limit and the seconds to wait, and
 * ACCESS_UNDECIDED when the counts are out of reach: what cannot be counted is not shown.
 */
export interface BrowseGuard {
  /** Before anything is done: refuses who is over a limit already. */
  admit(readers: readonly CountedPractitioner[]): Promise<void>;
  /** Before anything leaves: counts it for each reader, and refuses where the count of one then passes a limit. */
  release(readers: readonly CountedPractitioner[], shown: Shown): Promise<void>;
  /** Counts only, for what cannot be refused any longer; the next operation is. Throws no RECORD_LIMIT_EXCEEDED. */
  note(readers: readonly CountedPractitioner[], shown: Shown): Promise<void>;
  /** Whether anybody could be shown a child now. */
  reachable(): boolean;
  close(): void;
}

/** Who is shown the answer; with mediated access two are, and it counts for both. */
export type CountedPractitioner = Pick<Principal, 'practitionerId' | 'role'>;

export function createBrowseGuard(options: {
  readonly counters: BrowseCounters;
  readonly limits: LimitsByRole;
  readonly now: () => Date;
}): BrowseGuard {
  const { counters, limits, now } = options;
  /** Counts in which nothing was passed, and for which role: most requests add nothing, and comparing takes longest. */
  const kept = new WeakMap<Counted, Role>();

  const countFor = async ({ practitionerId, role }: CountedPractitioner, shown: Shown, at: Date) => {
    const counted = await counters.add(practitionerId, {
      minute: minuteOf(at),
      children: shown.records,
      misses: shown.misses,
      limits: limits[role],
    });
    if (kept.get(counted) === role) return undefined;
    const excess = excessOf(counted, limits[role], at);
    if (excess === undefined) kept.set(counted, role);
    return excess;
  };
  const count = async (readers: readonly CountedPractitioner[], shown: Shown) => {
    const at = now();
    const excesses = await Promise.all(readers.map((reader) => countFor(reader, shown, at))).catch(
      (cause: unknown) => {
        throw new AccessError('ACCESS_UNDECIDED', 'What the account has read cannot be counted', { cause });
      },
    );
    return excesses.find((excess) => excess !== undefined);
  };
  const refuseExcess = (excess: Excess | undefined) => {
    if (excess !== undefined) throw limitExceeded(excess);
  };

  return {
    admit: async (readers) => refuseExcess(await count(readers, NOTHING)),
    release: async (readers, shown) => refuseExcess(await count(readers, shown)),
    note: async (readers, shown) => void (await count(readers, shown)),
    reachable: () => counters.reachable(),
    close: () => counters.close(),
  };
}

const NOTHING: Shown = { records: [], misses: [] };

function limitExceeded({ limit, retryAfter }: Excess): AccessError {
  return new AccessError('RECORD_LIMIT_EXCEEDED', 'The account has been shown as much as it may for now', {
    extensions: { limit, retryAfter },
  });
}
