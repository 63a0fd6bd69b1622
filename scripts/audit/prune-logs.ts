import { londonDate } from '@contactpoint/access/calendar-date';
import type { PrunedLeaves } from '@contactpoint/audit-log/access-event';
import { nameLeaves } from '@contactpoint/audit-log/leaf-ranges';
import { pruneLeaves, readOrigins, readPrunedIndexes } from '@contactpoint/audit-log/retention/prune-leaves';
import { type RecordedEvent, readRecordedEvents } from '@contactpoint/audit-log/retention/recorded-events';
import { lastsUntil, yearsAfter } from '@contactpoint/audit-log/retention/term';
import { eighteenthBirthdays } from '@contactpoint/directory/eighteenth-birthdays';
import { numbersOf } from '@contactpoint/directory/numbers-of';
import { covers, findCoveringHolds } from '@contactpoint/oversight/holds/held-events';
import { forgetEvents } from '@contactpoint/oversight/projection/forget-events';
import type { Store } from '@contactpoint/subgraph-kit/store';
import { inTransaction } from '@contactpoint/subgraph-kit/transaction';

export interface RetentionStores {
  /** The audit database, as the role that may prune; two connections at least. */
  readonly audit: Store;
  readonly directory: Store;
  readonly oversight: Store;
}

export interface PruneOptions {
  readonly now: Date;
  /** Years after the 18th birthday. */
  readonly years: number;
  /** Opens where pruning is put on record, asked for once something is due. Without it nothing is pruned, only counted. */
  readonly openLog?: (() => Promise<PruningLog>) | undefined;
}

/** Where pruning is put on record. */
export interface PruningLog {
  /** Resolves when it is durable that these leaves go: before that none of them does. */
  record(pruned: PrunedLeaves): Promise<void>;
}

/** Of one log, how many leaves went, or would go. */
export interface PrunedLog {
  readonly origin: string;
  readonly leaves: number;
}

/** A number that nobody has. */
const NOBODY = 'ZZZZZZZZZZZZZZZZ';

/** Events judged at a time, and least events pruned at a time. */
const JUDGED = 500;
const MOST_PRUNED = 5_000;

/** Characters that name leaves in one `prune` event, which has to fit one leaf of the log. */
const MOST_NAMED = 40_000;

/**
 * Prunes what is past its term from every log: what a checkpoint covers, whose children's birthdays the directory knows, and
 * which no lawful hold covers. Stopped at any point it can be run again; what was done stays done.
 *
 * @throws Error when the directory or the holds cannot be read; nothing is pruned without them.
 */
export async function pruneLogs(
  stores: RetentionStores,
  options: PruneOptions,
): Promise<readonly PrunedLog[]> {
  const { now, years, openLog } = options;
  const today = londonDate(now);
  // In UTC, as leaves are dated: where London is a day ahead already, the last of them have an hour to go.
  const before = new Date(`${yearsAfter(now.toISOString().slice(0, 10), -years)}T00:00:00.000Z`);
  await requireReadable(stores, now);
  const pruned: PrunedLog[] = [];
  for (const origin of await readOrigins(stores.audit)) {
    let leaves = 0;
    let due: RecordedEvent[] = [];
    const settle = async () => {
      leaves +=
        openLog === undefined
          ? await countFree(stores, due, now)
          : await prune(stores, due, { now, before, openLog });
      due = [];
    };
    for await (const events of chunks(readRecordedEvents(stores.audit, origin, before))) {
      due.push(...(await dueAmong(stores.directory, events, today, years)));
      if (due.length >= MOST_PRUNED) await settle();
    }
    await settle();
    if (leaves > 0) pruned.push({ origin, leaves });
    if (openLog !== undefined) await forgetPruned(stores, origin, before);
  }
  return pruned;
}

/** Also where no event that is due has a child: nothing goes while nobody can say what else must stay. */
async function requireReadable({ directory, oversight }: RetentionStores, now: Date): Promise<void> {
  await eighteenthBirthdays(directory, [NOBODY]);
  await findCoveringHolds(oversight, now);
}

async function dueAmong(
  directory: Store,
  events: readonly RecordedEvent[],
  today: string,
  years: number,
): Promise<readonly RecordedEvent[]> {
  const children = events.flatMap(({ event }) => event.subjects.map(({ child }) => child));
  const birthdays = await eighteenthBirthdays(directory, children);
  return events.filter((event) => {
    const until = lastsUntil(event, birthdays, years);
    return until !== undefined && until < today;
  });
}

async function countFree(
  { oversight, directory }: RetentionStores,
  due: readonly RecordedEvent[],
  now: Date,
): Promise<number> {
  const free = await withoutHeld(oversight, directory, due, now);
  return free.flatMap(({ indexes }) => indexes).length;
}

/**
 * Within one transaction of oversight's: until it ends nobody can place a hold on what is about to go. The rows go with it;
 * if it never ends they are found to be of pruned leaves the next time.
 */
async function prune(
  { audit, directory, oversight }: RetentionStores,
  due: readonly RecordedEvent[],
  { now, before, openLog }: { now: Date; before: Date; openLog: NonNullable<PruneOptions['openLog']> },
): Promise<number> {
  const [first] = due;
  if (first === undefined) return 0;
  const { origin } = first;
  // It may have to wait for a checkpoint, and nobody who wants to place a hold should wait with it.
  const log = await openLog();
  return await inTransaction(oversight, async (transaction) => {
    await transaction`lock table lawful_hold in share mode`;
    const free = await withoutHeld(transaction as unknown as Store, directory, due, now);
    const indexes = free.flatMap((event) => event.indexes);
    if (indexes.length === 0) return 0;
    await forgetEvents(transaction, origin, indexes);
    for (const named of nameLeaves(indexes, MOST_NAMED))
      await log.record({ origin, ...named, before: before.toISOString() });
    return await pruneLeaves(audit, origin, indexes);
  });
}

async function withoutHeld(
  oversight: Store,
  directory: Store,
  due: readonly RecordedEvent[],
  now: Date,
): Promise<readonly RecordedEvent[]> {
  const holds = await findCoveringHolds(oversight, now);
  const numbers = await numbersOf(
    directory,
    holds.map(({ childId }) => childId),
  );
  return due.filter(
    ({ event }) => !holds.some((hold) => covers(hold, numbers.get(hold.childId) ?? [hold.childId], event)),
  );
}

/** Rows of leaves that were pruned and then, by a stop or a rebuild at that moment, projected or left behind. */
async function forgetPruned(
  { audit, oversight }: RetentionStores,
  origin: string,
  before: Date,
): Promise<void> {
  for await (const indexes of readPrunedIndexes(audit, origin, before))
    await forgetEvents(oversight, origin, indexes);
}

async function* chunks(events: AsyncIterable<RecordedEvent>): AsyncGenerator<readonly RecordedEvent[]> {
  let chunk: RecordedEvent[] = [];
  for await (const event of events) {
    chunk.push(event);
    if (chunk.length === JUDGED) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}
