import type { Store } from '@contactpoint/subgraph-kit/store';
import { inTransaction } from '@contactpoint/subgraph-kit/transaction';
import { raise } from '../alerts/finding.ts';
import { booksAltered } from '../alerts/rules/books-altered.ts';
import { logUnread } from '../alerts/rules/log-unread.ts';
import { findCoveredLogs } from '../log/covered-logs.ts';
import {
  LEAVES_PER_ORIGIN,
  LEAVES_PER_READING,
  LeafSource,
  type LoggedLeaf,
  type LogPosition,
} from '../log/leaf-source.ts';
import { findContradictions, RowsContradictedError } from './compare-rows.ts';
import { isEmptied } from './counted-rows.ts';
import { projectLeaves } from './project-leaves.ts';
import { restoreRows } from './restore-rows.ts';

/** The rows do not reach the log's end yet, as after a rebuild: an answer would leave out accesses that are on record. */
export class ProjectionBehindError extends Error {
  override readonly name = 'ProjectionBehindError';
}

export interface ProjectionOptions {
  /** Oversight's own database. */
  readonly store: Store;
  /** The log's database, as its reader. */
  readonly audit: Store;
  /** Milliseconds that a question waits for the rows to reach the log's end. */
  readonly patience?: number;
  readonly clock?: () => Date;
}

/** Brings the log's leaves into rows, each leaf once, also when several processes do it and when one dies at it. */
export class Projection {
  readonly #store: Store;
  readonly #audit: Store;
  readonly #source: LeafSource;
  readonly #patience: number;
  readonly #clock: () => Date;
  /** Whether rows stay as they are though some were taken away: there is nothing to make them of again. */
  #staysAltered = false;
  #running: Promise<void> | undefined;
  #following: Promise<void> | undefined;

  constructor({ store, audit, patience = 2_000, clock = () => new Date() }: ProjectionOptions) {
    this.#store = store;
    this.#audit = audit;
    this.#source = new LeafSource(audit);
    this.#patience = patience;
    this.#clock = clock;
  }

  /**
   * Resolves when everything that was durable at the call is in the rows.
   *
   * @throws ProjectionBehindError when that takes too long; the projection goes on all the same.
   */
  async catchUp(): Promise<void> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(new ProjectionBehindError('The projection of the audit log is behind')),
      this.#patience,
    );
    try {
      await Promise.race([this.#runFromNow(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Drops the rows and makes them again, and resolves when they are; what auditors wrote and alerts stay.
   *
   * @param regardless Also where the rows tell of what is not in the log any more, of which they are the last copy.
   * @throws RowsContradictedError where they do, before anything is dropped.
   */
  async rebuild({ regardless = false }: { readonly regardless?: boolean } = {}): Promise<void> {
    if (!regardless) {
      const found = await findContradictions(this.#store, this.#audit);
      if (found.length > 0) throw new RowsContradictedError(found);
    }
    await dropRows(this.#store);
    await this.#runFromNow();
  }

  /**
   * Looks whether everything is there that answers are given from: rows, the books that are no rows of the log, and the logs
   * themselves. For now and then: it reads as much as there is.
   */
  async lookThrough(): Promise<void> {
    await this.#recount();
    await inTransaction(this.#store, async (sql) => {
      await raise(sql, 'BOOKS_ALTERED', await booksAltered(sql, this.#clock()));
    });
    await this.#lookForUnread();
  }

  /**
   * Counts the rows, raises an alert where they are not as many as were made, and has those logs' rows made again. A table that
   * is empty is noticed by whoever asks.
   */
  async #recount(): Promise<void> {
    this.#staysAltered = (await restoreRows(this.#store, this.#audit, this.#clock())).length > 0;
  }

  /**
   * Looks whether checkpoints cover more of a log than the rows reach, raises an alert where they do, and has that log read from then
   * on.
   */
  async #lookForUnread(): Promise<void> {
    const covered = await findCoveredLogs(this.#audit);
    await this.#runFromNow();
    const positions = await readPositions(this.#store);
    const unread = [...covered]
      .map(([origin, size]) => ({ origin, covered: size, next: positions.get(origin)?.next ?? 0n }))
      .filter((log) => log.next < log.covered);
    await inTransaction(this.#store, async (sql) => {
      await raise(sql, 'LOG_UNREAD', logUnread(unread, this.#clock()));
    });
    for (const { origin } of unread) this.#source.doubt(origin);
  }

  /** A run that is under way may have read its last leaves before the call: the next one counts, for all who wait. */
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
    const run = this.#run().finally(() => {
      if (this.#running === run) this.#running = undefined;
    });
    this.#running = run;
    return run;
  }

  async #run(): Promise<void> {
    if (!this.#staysAltered && (await isEmptied(this.#store))) await this.#recount();
    for (;;) {
      const positions = await readPositions(this.#store);
      const leaves = await this.#source.read(positions);
      const logs = Map.groupBy(leaves, ({ origin }) => origin);
      for (const [origin, batch] of logs) {
        await projectLeaves(this.#store, origin, positions.get(origin)?.next ?? 0n, batch);
      }
      if (isEnd(leaves, logs)) return;
    }
  }
}

function isEnd(leaves: readonly LoggedLeaf[], logs: ReadonlyMap<string, readonly LoggedLeaf[]>): boolean {
  if (leaves.length === LEAVES_PER_READING) return false;
  return logs.values().every((batch) => batch.length < LEAVES_PER_ORIGIN);
}

/**
 * Takes the cursors first, as `projectLeaves` does: whoever is bringing rows finishes, and then finds its position set
 * back. `truncate` alone would lock the rows' tables first, and the two would wait for one another.
 */
async function dropRows(store: Store): Promise<void> {
  await inTransaction(store, async (transaction) => {
    await transaction`lock table log_cursor in access exclusive mode`;
    await transaction`truncate access_event, access_subject, pruning, log_cursor`;
  });
}

async function readPositions(store: Store): Promise<Map<string, LogPosition>> {
  const rows = await store<{ origin: string; next: string; at: Date | string | null }[]>`
    select origin, next_index as next, last_at as at from log_cursor`;
  return new Map(
    rows.map(({ origin, next, at }) => [
      origin,
      { next: BigInt(next), at: at === null ? null : new Date(at) },
    ]),
  );
}
