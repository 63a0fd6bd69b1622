import postgres from 'postgres';

/** How far a log is covered, and whether the signer is alive. */
export interface CheckpointState {
  /** Leaves under the last checkpoint. */
  readonly covered: bigint;
  /** One more after each complete round of the signer. */
  readonly beat: bigint;
}

/** The log before of the same instance. */
export interface FormerLog {
  readonly origin: string;
  readonly leaves: bigint;
  /** Undefined where it has none yet. */
  readonly checkpoint: { readonly size: bigint; readonly rootHash: Uint8Array } | undefined;
}

/** What a writer may learn of checkpoints, on a connection of its own: no append waits behind a question. */
export interface CheckpointReader {
  /** @throws The driver's error when the database is out of reach. */
  state(origin: string): Promise<CheckpointState>;
  /** @returns undefined for the first log of an instance. */
  previousBoot(origin: string): Promise<FormerLog | undefined>;
  close(): Promise<void>;
}

/**
 * @param url URL of the audit database as its writer.
 * @param deadline Milliseconds for an answer; a connection that owes one is given up.
 */
export function openCheckpointReader(url: string, deadline = 2_000): CheckpointReader {
  let sql = connect(url, deadline);
  const within = async <T>(question: (connection: Sql) => Promise<T>): Promise<T> => {
    const asked = sql;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error('The audit database does not answer')), deadline);
    try {
      return await Promise.race([question(asked), late]);
    } catch (cause) {
      if (asked === sql) sql = connect(url, deadline);
      void asked.end({ timeout: 0 });
      throw cause;
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    state: (origin) =>
      within(async (connection) => {
        const [row] = await connection<CheckpointState[]>`
          select covered, beat from checkpoint_state(${origin})`;
        if (row === undefined) throw new Error('The audit database says nothing of its signer');
        return { covered: row.covered, beat: row.beat };
      }),
    previousBoot: (origin) =>
      within(async (connection) => {
        const [row] = await connection<FormerRow[]>`
          select origin, leaves, size, root_hash as "rootHash" from previous_boot(${origin})`;
        if (row === undefined) return undefined;
        const { origin: former, leaves, size, rootHash } = row;
        const checkpoint = size === null || rootHash === null ? undefined : { size, rootHash };
        return { origin: former, leaves, checkpoint };
      }),
    close: () => sql.end({ timeout: 1 }),
  };
}

type Sql = postgres.Sql<{ bigint: bigint }>;

function connect(url: string, deadline: number): Sql {
  return postgres(url, {
    max: 1,
    connect_timeout: Math.max(1, Math.ceil(deadline / 1000)),
    onnotice: () => undefined,
    types: { bigint: postgres.BigInt },
    connection: { application_name: 'contactpoint-checkpoints', statement_timeout: deadline },
  });
}

interface FormerRow {
  readonly origin: string;
  readonly leaves: bigint;
  readonly size: bigint | null;
  readonly rootHash: Uint8Array | null;
}
