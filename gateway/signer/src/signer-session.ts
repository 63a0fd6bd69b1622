import { createPostgresTiles } from '@contactpoint/audit-log/postgres-tiles';
import type { TileSource } from '@contactpoint/audit-log/tiled-tree';
import postgres from 'postgres';
import { inTransaction } from './transaction.ts';

export interface SessionOptions {
  /** URL of the audit database as its signer. */
  readonly url: string;
  readonly deployment: string;
  /** Milliseconds for connecting, and for any one answer of the server. */
  readonly deadline: number;
}

export type Sql = postgres.Sql<{ bigint: bigint }>;
export type Transaction = postgres.TransactionSql<{ bigint: bigint }>;

/** Leaves of instances' logs, and those of the log of logs. */
export type LeafTable = 'leaf' | 'aggregate_leaf';

/** The store did not answer, or not to the one session that may write. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
}

/**
 * One connection, as the only signer of a deployment, from its first statement to its first failure: it is never used
 * again after that, and whoever goes on opens another and looks anew at everything.
 */
export class SignerSession {
  readonly #sql: Sql;
  readonly #pid: number;
  readonly #deadline: number;
  #over = false;

  private constructor(sql: Sql, pid: number, deadline: number) {
    this.#sql = sql;
    this.#pid = pid;
    this.#deadline = deadline;
  }

  /**
   * @returns undefined while another signer of the deployment is at work.
   * @throws the driver's error, or SessionError when the server says nothing within the deadline.
   */
  static async open({ url, deployment, deadline }: SessionOptions): Promise<SignerSession | undefined> {
    const sql = connect(url, deadline);
    try {
      const [lock] = await withinDeadline(
        deadline,
        sql<{ held: boolean; pid: number }[]>`
          select pg_try_advisory_lock(hashtextextended(${`signer ${deployment}`}, 0)) as held,
            pg_backend_pid() as pid`,
      );
      if (lock?.held === true) return new SignerSession(sql, lock.pid, deadline);
      void sql.end({ timeout: 0 });
      return undefined;
    } catch (cause) {
      void sql.end({ timeout: 0 });
      throw cause;
    }
  }

  /** Asks; what is asked needs no fence, as nothing is signed by a session that cannot write any more. */
  async read<Row>(ask: (sql: Sql) => Promise<Row>): Promise<Row> {
    return await this.#use(ask(this.#sql));
  }

  /**
   * Writes all or nothing, and only as the session that holds the lock: the driver would reconnect by itself and write
   * beside another signer.
   */
  async write(write: (transaction: Transaction) => Promise<void>): Promise<void> {
    await this.#use(
      inTransaction(this.#sql, async (transaction) => {
        const [backend] = await transaction<{ pid: number }[]>`select pg_backend_pid() as pid`;
        if (backend?.pid !== this.#pid) throw new SessionError('The connection is another one');
        await write(transaction);
      }),
    );
  }

  tiles(origin: string, leaves: LeafTable): TileSource {
    const source = createPostgresTiles(this.#sql as unknown as postgres.Sql, origin, leaves);
    return { tile: (level, index, width) => this.#use(source.tile(level, index, width)) };
  }

  /** Gives the connection up, and the lock with it. */
  async close(): Promise<void> {
    this.#over = true;
    await this.#sql.end({ timeout: 1 });
  }

  async #use<T>(work: Promise<T>): Promise<T> {
    if (this.#over) throw new SessionError('The session is over');
    return await withinDeadline(this.#deadline, work);
  }
}

function connect(url: string, deadline: number): Sql {
  return postgres(url, {
    max: 1,
    idle_timeout: 0,
    // The driver would close a healthy connection after about an hour, and the lock would go with it.
    max_lifetime: null,
    connect_timeout: Math.max(1, Math.ceil(deadline / 1000)),
    onnotice: () => undefined,
    types: { bigint: postgres.BigInt },
    connection: {
      application_name: 'contactpoint-signer',
      synchronous_commit: 'on',
      statement_timeout: deadline,
      // A plan for any time of a leaf would open every day there ever was; one for this time opens a few.
      plan_cache_mode: 'force_custom_plan',
      // A server that lost us must let go of the lock in seconds, not in the two hours of TCP's default.
      tcp_keepalives_idle: 5,
      tcp_keepalives_interval: 2,
      tcp_keepalives_count: 3,
    },
  });
}

/** A server that hangs takes the question and says nothing. */
async function withinDeadline<T>(deadline: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new SessionError(`No answer within ${deadline} ms`)), deadline);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // Whoever waited has been told; what becomes of it later is nobody's.
    work.catch(() => undefined);
  }
}
