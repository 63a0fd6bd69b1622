import postgres from 'postgres';

/** What the database says of how far a log is covered, and of whether the signer is alive. */
export interface CheckpointState {
  /** The last checkpoint; undefined where there is none. Whether it is signed is for whoever asks to verify. */
  readonly note: string | undefined;
  /** One more after each complete round of the signer. */
  readonly beat: bigint;
}

/** The log before of the same instance. */
export interface FormerLog {
  readonly origin: string;
  readonly leaves: bigint;
  /** Undefined where it has none yet. */
  readonly checkpoint: FormerCheckpoint | undefined;
}

export interface FormerCheckpoint {
  readonly size: bigint;
  readonly rootHash: Uint8Array;
  readonly note: string;
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
        const [row] = await connection<{ beat: bigint; note: string | null }[]>`
          select beat, signed_note as note from checkpoint_state(${origin}), newest_checkpoint(${origin})`;
        if (row === undefined) throw new Error('The audit database says nothing of its signer');
        return { note: row.note ?? undefined, beat: row.beat };
      }),
    previousBoot: (origin) =>
      within(async (connection) => {
        const [row] = await connection<FormerRow[]>`
          select former.origin, leaves, former.size, root_hash as "rootHash", signed_note as note
          from previous_boot(${origin}) as former, newest_checkpoint(former.origin)`;
        if (row === undefined) return undefined;
        const { origin: former, leaves, size, rootHash, note } = row;
        const checkpoint =
          size === null || rootHash === null || note === null ? undefined : { size, rootHash, note };
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
    // As in `PostgresSession`: nobody waits for what the driver asks for itself.
    fetch_types: false,
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
  readonly note: string | null;
}
