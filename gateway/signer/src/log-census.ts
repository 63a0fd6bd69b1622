import type { SignerSession } from './signer-session.ts';

/** One log in which a writer has opened a session. */
export interface WrittenLog {
  readonly origin: string;
  /** Number of its last session. */
  readonly session: bigint;
}

/** Numbers are given before their rows are to be seen: as many sessions are looked at again. */
const OVERLAP = 64n;

/**
 * Which logs there are and which of them may still grow. What it costs depends on the logs that are being written, and
 * not on how many there ever were.
 */
export class LogCensus {
  readonly #session: SignerSession;
  #highest: bigint | undefined;

  constructor(session: SignerSession) {
    this.#session = session;
  }

  /** The first time every log; later those with a session of late, which may be known already. */
  async logs(): Promise<readonly WrittenLog[]> {
    const from = this.#highest === undefined ? 0n : this.#highest - OVERLAP;
    const logs = await this.#session.read(
      (sql) => sql<WrittenLog[]>`
        select origin, max(number) as session from writer_session where number > ${from} group by origin`,
    );
    for (const { session } of logs) {
      if (this.#highest === undefined || session > this.#highest) this.#highest = session;
    }
    return [...logs];
  }

  /** Has every log looked at the next time: one that was gone has come back, under a number long passed. */
  lookAgain(): void {
    this.#highest = undefined;
  }

  /**
   * Those of the logs that nobody writes to: a writer holds an advisory lock on its log for as long as it may append
   * (gateway/audit-log/src/postgres-session.ts).
   */
  async withoutWriter(origins: readonly string[]): Promise<ReadonlySet<string>> {
    if (origins.length === 0) return new Set();
    const idle = await this.#session.read(
      (sql) => sql<{ origin: string }[]>`
        with held as (
          select classid::bigint << 32 | objid::bigint as key from pg_locks
          where locktype = 'advisory' and objsubid = 1 and granted
            and database = (select oid from pg_database where datname = current_database())
        )
        select origin from unnest(${[...origins]}::text[]) as origin
        where hashtextextended(origin, 0) not in (select key from held)`,
    );
    return new Set(idle.map(({ origin }) => origin));
  }
}
