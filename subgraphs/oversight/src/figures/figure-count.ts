import type { Store } from '@contactpoint/subgraph-kit/store';
import { inTransaction } from '@contactpoint/subgraph-kit/transaction';
import { countAccesses } from './count-accesses.ts';
import { countWithheld } from './count-withheld.ts';
import { lastFinishedDay } from './finished-days.ts';

/** Milliseconds that a question for figures waits for days to be counted. */
const PATIENCE = 2_000;

/** Counts each day that is over, once and for good. */
export class FigureCount {
  readonly #store: Store;
  readonly #patience: number;
  #running: Promise<void> | undefined;

  constructor({ store, patience = PATIENCE }: { readonly store: Store; readonly patience?: number }) {
    this.#store = store;
    this.#patience = patience;
  }

  /**
   * Resolves when every day that was over at the call is counted, or after a while: what is left comes with a later call. To
   * be called when the rows have reached the log's end, for nothing is added to a day that was counted.
   */
  async count(now: Date): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#patience);
    this.#running ??= this.#run(now).finally(() => {
      this.#running = undefined;
    });
    try {
      await Promise.race([this.#running, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #run(now: Date): Promise<void> {
    for (const day of await uncountedDays(this.#store, lastFinishedDay(now)))
      await countDay(this.#store, day, now);
  }
}

/** Days with events, oldest first; one without any is left open, as there is nothing to tell of it. */
async function uncountedDays(store: Store, last: string): Promise<readonly string[]> {
  const rows = await store<{ day: string }[]>`
    select series.day::date as day
    from generate_series((select london_day(min(at)) from access_event), ${last}::date, interval '1 day') as series (day)
    where not exists (select 1 from figure_day where figure_day.day = series.day::date)
      and exists (
        select 1 from access_event
        where at >= london_midnight(series.day::date) and at < london_midnight(series.day::date + 1))
    order by day`;
  return rows.map(({ day }) => day);
}

/** Processes that count the same day take turns, and the second one finds it counted. */
async function countDay(store: Store, day: string, now: Date): Promise<void> {
  await inTransaction(store, async (sql) => {
    const taken = await sql`
      insert into figure_day (day, counted_at) values (${day}, ${now}) on conflict do nothing returning day`;
    if (taken.length === 0) return;
    for (const { organisation, purpose, accesses } of await countAccesses(sql, day))
      await sql`insert into access_figure values (${day}, ${organisation}, ${purpose}, ${accesses})`;
    for (const { reason, accesses } of await countWithheld(sql, day))
      await sql`insert into withheld_figure values (${day}, ${reason}, ${accesses})`;
  });
}
