import { isUtf8 } from 'node:buffer';
import postgres from 'postgres';
import { AppendError, AuditStoreError, LogInUseError } from './append-error.ts';
import type { LogSession } from './log-session.ts';
import {
  type DurabilityOptions,
  type DurabilitySettings,
  durabilitySettings,
  requireDurable,
  requireDurableSettings,
} from './postgres-durability.ts';

export interface SessionOptions extends DurabilityOptions {
  readonly url: string;
  readonly origin: string;
  /** 32 bytes that only the process knows which opened the log first: nobody else opens it again. */
  readonly key: Uint8Array;
  /** Milliseconds for connecting, and for any one statement. */
  readonly deadline: number;
  /** Whether a session of this log that is still there is ended first: it is our own, given up. */
  readonly takeOver: boolean;
}

/** Days ahead for which partitions are made; a day without one goes to the default partition. */
const PARTITION_DAYS = 14;

/** One connection, which holds the log's lock for as long as it lives. */
export class PostgresSession implements LogSession {
  readonly lost: Promise<void>;
  readonly #warnings: Warnings;
  readonly #durability: DurabilityOptions;
  #next: bigint;
  #partitionsOf = '';
  readonly #sql: Sql;
  readonly #key: Uint8Array;
  readonly #number: bigint;
  readonly #keepsUtf8: boolean;

  private constructor(connection: Connection, options: SessionOptions, start: SessionStart) {
    this.#sql = connection.sql;
    this.#warnings = connection.warnings;
    this.lost = connection.lost;
    this.#key = options.key;
    this.#durability = options;
    this.#number = start.session;
    this.#next = start.next;
    this.#keepsUtf8 = start.keepsUtf8;
  }

  get next(): bigint {
    return this.#next;
  }

  /** @throws AuditStoreError when the server would not keep what it acknowledges; the driver's error otherwise. */
  static async open(options: SessionOptions): Promise<PostgresSession> {
    const connection = connect(options);
    const { sql } = connection;
    // A server that hangs takes the connection and says nothing.
    const patience = setTimeout(() => void sql.end({ timeout: 0 }), options.deadline);
    try {
      await requireDurable(sql, options);
      return new PostgresSession(connection, options, await begin(sql, options));
    } catch (cause) {
      void sql.end({ timeout: 0 });
      throw cause;
    } finally {
      clearTimeout(patience);
    }
  }

  /** The server dates the leaves and hashes them: a writer's word is not taken for either. */
  async insert(leaves: readonly Uint8Array[]): Promise<bigint> {
    const first = this.#next;
    const bytes = Buffer.concat(leaves);
    const lengths = `{${leaves.map(({ byteLength }) => byteLength).join()}}`;
    // Settings change under a session that is open, and are read after the leaves: what they did is then done.
    const append = () => this.#sql<DurabilitySettings[]>`
      select append_leaves(${this.#number}, ${this.#key}, ${first}, ${this.#sent(bytes)}, ${lengths}::text::int[]),
        ${durabilitySettings(this.#sql)}`;
    const [settings] = await (this.#durability.standbys > 0 ? this.#committed(append) : append());
    requireDurableSettings(settings, this.#durability);
    this.#next = first + BigInt(leaves.length);
    return first;
  }

  /**
   * As text wherever it is some, as events are: the driver writes bytes as hex, which is twice as long and took two thirds of
   * the gateway's CPU for an event of a joined view (`npm run bench -- audit`). Text has no zero byte, and only a database
   * that keeps UTF-8 makes the same bytes of it again.
   */
  #sent(bytes: Buffer): postgres.Fragment {
    const isText = this.#keepsUtf8 && isUtf8(bytes) && !bytes.includes(0);
    return isText ? this.#sql`convert_to(${bytes.toString()}::text, 'UTF8')` : this.#sql`${bytes}`;
  }

  /**
   * A commit that stopped waiting for its standby says so in a warning alone, after the statement is reported complete and
   * before the COMMIT is; one whose standby was struck from the server's settings meanwhile says nothing, so that they are
   * read once more behind it. The four are sent at once; without standbys the one by itself does, at four fifths of the cost.
   */
  async #committed(
    append: () => postgres.PendingQuery<DurabilitySettings[]>,
  ): Promise<readonly DurabilitySettings[]> {
    const warned = this.#warnings.count;
    const [, [before], , after] = await Promise.all([
      this.#sql`begin`.execute(),
      append().execute(),
      this.#sql`commit`.execute(),
      this.#sql<DurabilitySettings[]>`select ${durabilitySettings(this.#sql)}`.execute(),
    ]);
    if (this.#warnings.count !== warned) throw new AppendError('STORE_FAILED');
    // Within the transaction `synchronous_commit` may have been another.
    requireDurableSettings(before, this.#durability);
    return after;
  }

  look(): Promise<void> {
    return requireDurable(this.#sql, this.#durability);
  }

  /** Once a day: the partitions reach two weeks ahead. A failure costs nothing: there is a default partition. */
  async tend(at: Date): Promise<void> {
    const day = at.toISOString().slice(0, 10);
    if (day === this.#partitionsOf) return;
    this.#partitionsOf = day;
    try {
      await this.#sql`select make_leaf_partitions(${day}::date, ${PARTITION_DAYS})`;
    } catch (cause) {
      if (!(cause instanceof postgres.PostgresError)) throw cause;
    }
  }

  abandon(): void {
    void this.#sql.end({ timeout: 0 });
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 1 });
  }
}

type Sql = postgres.Sql<{ bigint: bigint }>;

/** Warnings that the server has sent. */
interface Warnings {
  count: number;
}

interface Connection {
  readonly sql: Sql;
  readonly warnings: Warnings;
  readonly lost: Promise<void>;
}

interface SessionStart {
  readonly session: bigint;
  readonly next: bigint;
  /** Whether the database keeps text in UTF-8. */
  readonly keepsUtf8: boolean;
}

function connect({ url, deadline }: SessionOptions): Connection {
  const { promise: lost, resolve: lose } = Promise.withResolvers<void>();
  const warnings = { count: 0 };
  const sql = postgres(url, {
    max: 1,
    idle_timeout: 0,
    // The driver would close a healthy connection after about an hour.
    max_lifetime: null,
    connect_timeout: Math.max(1, Math.ceil(deadline / 1000)),
    // What the driver asks for itself nobody waits for: a connection lost at that moment would end the process.
    fetch_types: false,
    onnotice: ({ severity }) => {
      if (severity === 'WARNING') warnings.count++;
    },
    onclose: () => lose(),
    types: { bigint: postgres.BigInt },
    connection: {
      application_name: 'contactpoint-audit-log',
      synchronous_commit: 'on',
      statement_timeout: deadline,
      // A server that lost us must let go of the log's lock in seconds, not in the two hours of TCP's default.
      tcp_keepalives_idle: 5,
      tcp_keepalives_interval: 2,
      tcp_keepalives_count: 3,
    },
  });
  return { sql, warnings, lost };
}

/** One statement and a commit of its own: only a store that keeps this may be called well again. */
async function begin(sql: Sql, { origin, key, takeOver }: SessionOptions): Promise<SessionStart> {
  if (takeOver) await endFormerSession(sql, origin);
  const [opened] = await sql<
    { session: bigint | null; next: bigint | null; taken: string | null; keepsUtf8: boolean }[]
  >`
    select session, next_index as next, taken, current_setting('server_encoding') = 'UTF8' as "keepsUtf8"
    from open_writer_session(${origin}, ${key})`;
  const { session = null, next = null, taken = null, keepsUtf8 = false } = opened ?? {};
  if (taken === origin) throw new LogInUseError(`Another session writes the audit log ${origin}`);
  if (taken !== null) throw new LogInUseError(`Another process writes the audit logs of ${taken}`);
  if (session === null || next === null) throw new AuditStoreError(`No position in the audit log ${origin}`);
  return { session, next, keepsUtf8 };
}

/**
 * A session that was given up may still be about to commit. Its lock goes with it, and not before, so the position read
 * after this is final.
 */
async function endFormerSession(sql: Sql, origin: string): Promise<void> {
  await sql`
    select pg_terminate_backend(pid, 1000) from pg_locks, hashtextextended(${origin}, 0) as key
    where locktype = 'advisory' and objsubid = 1 and granted and pid <> pg_backend_pid()
      and database = (select oid from pg_database where datname = current_database())
      and (classid::bigint << 32 | objid::bigint) = key`;
}
