import type { Store } from '@contactpoint/subgraph-kit/store';
import { inTransaction } from '@contactpoint/subgraph-kit/transaction';
import type { TransactionSql } from 'postgres';
import { raise } from './finding.ts';
import type { DayRule, ReaderDay } from './reader-days.ts';
import { intentWithoutOutcome } from './rules/intent-without-outcome.ts';
import { logCut } from './rules/log-cut.ts';
import { outsideHours } from './rules/outside-hours.ts';
import { repeatedBreakGlass } from './rules/repeated-break-glass.ts';
import { searchMisses } from './rules/search-misses.ts';
import { countReaderDays, volumeAbovePeers } from './rules/volume-above-peers.ts';
import type { AlertSettings } from './settings.ts';

/** Rules that need nothing but the log. */
const DAY_RULES: Readonly<Record<string, DayRule>> = {
  OUTSIDE_HOURS: outsideHours,
  VOLUME_ABOVE_PEERS: volumeAbovePeers,
  SEARCH_MISSES: searchMisses,
  REPEATED_BREAK_GLASS: repeatedBreakGlass,
};

/** Before every other one. */
const FIRST: ReaderDay = { reader: '', day: '-infinity' };

/** Days in one transaction. */
const MOST_DAYS = 200;

/** Milliseconds that a question for alerts waits for the rules. */
const PATIENCE = 2_000;

export interface AlertWatchOptions {
  readonly store: Store;
  /** The log's database, as its reader. */
  readonly audit: Store;
  readonly settings: AlertSettings;
  readonly patience?: number;
}

/** Has the rules look at what the projection brought, day by day of each reader, the oldest first. */
export class AlertWatch {
  readonly #options: AlertWatchOptions;
  #running: Promise<void> | undefined;
  #following: Promise<void> | undefined;
  /** Of the last call. */
  #now = new Date(0);

  constructor(options: AlertWatchOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the rules have seen what was in the rows at the call, or after a while: alerts are for looking, and one
   * more may come at any time. To be called when the rows have reached the log's end, for peers are what they were.
   */
  async look(now: Date): Promise<void> {
    const { patience = PATIENCE } = this.#options;
    this.#now = now;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patience);
    try {
      await Promise.race([this.#runFromNow(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * A run that is under way may have looked before the call: the next one counts, for all who wait. However many give up
   * waiting meanwhile, no more than that one is owed.
   */
  #runFromNow(): Promise<void> {
    if (this.#running === undefined) return this.#start();
    this.#following ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#following = undefined;
        return this.#start();
      });
    return this.#following;
  }

  #start(): Promise<void> {
    const run = this.#run(this.#now).finally(() => {
      if (this.#running === run) this.#running = undefined;
    });
    this.#running = run;
    return run;
  }

  async #run(now: Date): Promise<void> {
    const { store, audit, settings } = this.#options;
    // Once through all of them: days that are marked over and over do not keep the rest waiting.
    let after: ReaderDay | undefined = FIRST;
    while (after !== undefined) after = await lookFrom(store, settings, after);
    await inTransaction(store, async (sql) => {
      await raise(sql, 'INTENT_WITHOUT_OUTCOME', await intentWithoutOutcome(sql, now, settings));
    });
    await inTransaction(store, async (sql) => {
      await raise(sql, 'LOG_CUT', await logCut(sql, audit, now));
    });
  }
}

async function lookFrom(
  store: Store,
  settings: AlertSettings,
  after: ReaderDay,
): Promise<ReaderDay | undefined> {
  return await inTransaction(store, (sql) => lookAtDays(sql, settings, after));
}

/**
 * Takes no lock before the end, on which the projection would wait: two that look at once find the same, and raise it once.
 *
 * @returns The last day that was looked at, undefined after the last one of all. What was brought meanwhile keeps its day due.
 */
async function lookAtDays(
  sql: TransactionSql,
  settings: AlertSettings,
  after: ReaderDay,
): Promise<ReaderDay | undefined> {
  const days = await sql<(ReaderDay & { readonly marks: string })[]>`
    select practitioner_id as reader, day, marks from due_day
    where (day, practitioner_id) > (${after.day}::date, ${after.reader})
    order by day, practitioner_id limit ${MOST_DAYS}`;
  if (days.length === 0) return undefined;
  await countReaderDays(sql, days);
  for (const [name, rule] of Object.entries(DAY_RULES)) {
    await raise(sql, name, await rule(sql, days, settings));
  }
  await sql`
    delete from due_day where (practitioner_id, day) in (
      select practitioner_id, due_day.day from due_day
      join jsonb_to_recordset(${sql.json(days as never)}) as seen (reader text, day date, marks bigint)
        on seen.reader = practitioner_id and seen.day = due_day.day and seen.marks = due_day.marks
      for update of due_day skip locked)`;
  return days.at(-1);
}
