import { COMMAND_INSTANCES } from '@contactpoint/audit-log/origin';
import type postgres from 'postgres';
import { unreadable } from './reconcile-error.ts';

/** A time in which a gateway's log kept nothing that the gateway did: its boot had ended, or its store was gone. */
export interface Interruption {
  readonly origin: string;
  readonly cause: 'BOOT_ENDED' | 'STORE_LOST' | 'PRUNED';
  /** Index of the last leaf before it, in decimal digits; null where there is none, and of what was pruned. */
  readonly last: string | null;
  /** Milliseconds since the epoch: when that leaf was kept. */
  readonly from: number;
  /** The first sign of life after it. */
  readonly to: number;
}

/**
 * Milliseconds that a request may be under way before its event is kept; a log that went on longer than that after an
 * entry was made has left its event out. No request has that long: subgraphs have seconds, and the log two.
 */
export const UNDER_WAY = 60_000;

/** Milliseconds for which a grant still opens something after its gateway is gone: its lifetime, and the skew allowed. */
const GRANT_OUTLIVES = 35_000;

/** Where the logs stopped keeping, by origin. */
export class Interruptions {
  readonly #known: ReadonlySet<string>;
  readonly #byOrigin: ReadonlyMap<string, readonly Interruption[]>;

  constructor(origins: readonly string[], interruptions: readonly Interruption[]) {
    this.#known = new Set(origins);
    this.#byOrigin = Map.groupBy(interruptions, ({ origin }) => origin);
  }

  /** Whether a log of that name was ever opened. */
  isKnown(origin: string): boolean {
    return this.#known.has(origin);
  }

  /**
   * The interruption in which an entry may have lost its event, the nearest one where there are several.
   *
   * @param at Milliseconds since the epoch.
   */
  around(origin: string, at: number): Interruption | undefined {
    const near = (this.#byOrigin.get(origin) ?? []).filter(
      ({ from, to }) => at > from - UNDER_WAY && at < to + GRANT_OUTLIVES,
    );
    return near.toSorted((one, other) => distance(one, at) - distance(other, at))[0];
  }
}

function distance({ from, to }: Interruption, at: number): number {
  return Math.max(from - at, at - to, 0);
}

/**
 * Reads them from the log itself. A boot has ended when another one of its instance has begun, or when no session writes
 * its log any more; a store was lost and found where a boot opened another session.
 *
 * @param now Of the moment at which a boot without session is known to be over.
 */
export async function readInterruptions(sql: postgres.Sql, now: Date): Promise<Interruptions> {
  const rows = await sql<
    (Omit<Interruption, 'to'> & { readonly to: number | null; readonly ended: boolean })[]
  >`
    with session as (
      select origin, next_index, opened_at, row_number() over (partition by origin order by opened_at) as turn,
        regexp_replace(origin, '/[^/]*$', '') as instance
      from writer_session
    ), boot as (
      select origin, instance, opened_at,
        lead(opened_at) over (partition by instance order by opened_at) as next_boot
      from session where turn = 1
    )
    select origin, 'STORE_LOST' as cause, true as ended, nullif(next_index - 1, -1)::text as last, ${epoch(sql, sql`opened_at`)} as "to",
      ${epoch(
        sql,
        sql`coalesce(
        (select max(at) from leaf where leaf.origin = session.origin and leaf.index = session.next_index - 1),
        (select min(opened_at) from writer_session as first where first.origin = session.origin)
      )`,
      )} as "from"
    from session where turn > 1
    union all
    select origin, 'BOOT_ENDED', next_boot is not null or not exists (
        select 1 from pg_locks, hashtextextended(origin, 0) as key
        where locktype = 'advisory' and objsubid = 1 and granted
          and database = (select oid from pg_database where datname = current_database())
          and (classid::bigint << 32 | objid::bigint) = key
      ), last.index::text, ${epoch(sql, sql`next_boot`)}, ${epoch(sql, sql`coalesce(last.at, opened_at)`)}
    from boot left join lateral (
      select index, at from leaf where leaf.origin = boot.origin order by index desc limit 1
    ) as last on true
    union all
    select origin, 'PRUNED', true, null, ${epoch(sql, sql`max(at)`)}, ${epoch(sql, sql`min(at)`)}
    from leaf where leaf is null group by origin, at::date`.catch((cause: unknown) => {
    throw unreadable('The audit log', cause);
  });
  return new Interruptions(
    rows.map(({ origin }) => origin),
    rows
      .filter(({ origin, ended }) => ended && !COMMAND_INSTANCES.includes(origin.split('/').at(-2) ?? ''))
      .map(({ ended, to, ...rest }) => ({ ...rest, to: to ?? now.getTime() })),
  );
}

function epoch(sql: postgres.Sql, moment: postgres.PendingQuery<postgres.Row[]>) {
  return sql`(extract(epoch from ${moment}) * 1000)::float8`;
}
