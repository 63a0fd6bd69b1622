import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import postgres from 'postgres';

/** The subgraph's own database. */
export type Store = postgres.Sql;

export interface StoreOptions {
  /** Connections at most; 4 by default. */
  readonly max?: number;
  /** Milliseconds after which PostgreSQL cancels a statement; none by default, as imports take long. */
  readonly statementTimeout?: number;
  /** See `SubgraphDefinition`; PostgreSQL decides by itself without. Not for tables in partitions: a plan for any day opens all. */
  readonly plansOnce?: boolean;
  /**
   * Told when a connection ends, asked to or not. For commands that hold one for as long as they run: what the driver had
   * sent ahead on a lost one is never answered. Connections are not renewed then.
   */
  readonly onClose?: () => void;
}

/** Seconds between two attempts of one connection to reach a database that is gone. */
const PAUSE = 0.05;

/** PostgreSQL type oids. https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const DATE = 1082;
const TIMESTAMP = 1114;
const TIMESTAMPTZ = 1184;

/**
 * Opens a pool; connections are made when they are needed. A column `date` is read as `YYYY-MM-DD` and never becomes a
 * JavaScript Date, which would move it by the time zone; a `timestamptz` is read as RFC 3339 in UTC.
 */
export function connect(
  url: string,
  { max = 4, statementTimeout, plansOnce = false, onClose }: StoreOptions = {},
): Store {
  return postgres(url, {
    max,
    connect_timeout: 5,
    // Each failed attempt refuses one query; the others wait for theirs. With pauses that grow, as the driver's own do up to
    // 20 s, a dozen callers waited for their time-outs instead of hearing at once, and on after the database was back.
    backoff: () => PAUSE,
    onnotice: () => undefined,
    ...(onClose === undefined ? {} : { onclose: onClose, max_lifetime: null }),
    connection: {
      TimeZone: 'UTC',
      ...(plansOnce ? { plan_cache_mode: 'force_generic_plan' } : {}),
      ...(statementTimeout === undefined ? {} : { statement_timeout: statementTimeout }),
    },
    types: {
      date: { to: DATE, from: [DATE], serialize: (day: string) => day, parse: (day: string) => day },
      timestamptz: {
        to: TIMESTAMPTZ,
        from: [TIMESTAMPTZ, TIMESTAMP],
        serialize: (instant: Date | string) => (instant instanceof Date ? instant.toISOString() : instant),
        parse: (instant: string) => new Date(instant).toISOString(),
      },
    },
  }) as unknown as Store;
}

/** A migration's file is not the one that ran. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** What the kit itself keeps beside a subgraph's tables: the journal and the used grants. */
export const KIT_MIGRATIONS = new URL('../migrations/', import.meta.url);

/**
 * Runs the files `0001-name.sql` of a folder that this database has not seen, in order of their names, each in a
 * transaction of its own. Processes that start together take turns.
 *
 * @returns Names of the files that ran now.
 * @throws MigrationError when a file that ran once has been changed since.
 */
export async function migrate(store: Store, folder: URL): Promise<string[]> {
  const applied: string[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (!/^\d{4}-[a-z0-9-]+\.sql$/.test(name)) continue;
    const statements = readFileSync(new URL(name, slashed(folder)), 'utf8');
    if (await apply(store, name, statements)) applied.push(name);
  }
  return applied;
}

async function apply(store: Store, name: string, statements: string): Promise<boolean> {
  const digest = createHash('sha256').update(statements).digest('hex');
  return await store.begin(async (transaction) => {
    await transaction`select pg_advisory_xact_lock(hashtext('contactpoint.migration'))`;
    await transaction`
      create table if not exists migration (
        name text primary key, digest text not null, applied_at timestamptz not null default now()
      )`;
    const [before] = await transaction<
      { digest: string }[]
    >`select digest from migration where name = ${name}`;
    if (before !== undefined) {
      if (before.digest !== digest) throw new MigrationError(`${name} was changed after it had run`);
      return false;
    }
    await transaction.unsafe(statements);
    await transaction`insert into migration (name, digest) values (${name}, ${digest})`;
    return true;
  });
}

/** Without the slash a URL's last segment would be taken for a file and replaced. */
function slashed(folder: URL): URL {
  return folder.href.endsWith('/') ? folder : new URL(`${folder.href}/`);
}
