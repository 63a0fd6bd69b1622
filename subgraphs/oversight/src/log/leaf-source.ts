import { bootTimeOf } from '@contactpoint/audit-log/origin';
import type { Store } from '@contactpoint/subgraph-kit/store';

/** One leaf as the log holds it. */
export interface LoggedLeaf {
  readonly origin: string;
  readonly index: bigint;
  /** When the log took it, RFC 3339. */
  readonly at: string;
  /** Null for one that was pruned after its term: that it was there is all that is left of it. */
  readonly leaf: Uint8Array | null;
  readonly leafHash: Uint8Array;
}

/** How far a log was read. */
export interface LogPosition {
  /** Index of the leaf that comes next. */
  readonly next: bigint;
  /** When the log took the one before it; null before the first. */
  readonly at: Date | null;
}

/** Leaves of one log, and of all together, in one reading. */
export const LEAVES_PER_ORIGIN = 200;
export const LEAVES_PER_READING = 2_000;

/** Milliseconds by which a leaf may be dated before the one that it follows: gateways dated leaves themselves once. */
const DISORDER = 86_400_000;

/**
 * Reads leaves of every log. A deployment has some thousand logs in its years, of which a handful grows, and a partition for
 * each day: a log that has nothing to tell is not looked at, and any other one from the day on up to which it was read.
 */
export class LeafSource {
  readonly #audit: Store;
  /** Ends of logs that nothing comes to any more, where the database does not know them. */
  readonly #ends = new Map<string, bigint>();
  /** Logs that go on further than the database says where its writers stand. */
  readonly #doubted = new Set<string>();

  /** @param audit The log's database, as its reader. */
  constructor(audit: Store) {
    this.#audit = audit;
  }

  /** Reads this log from now on whatever the database says of its writers, which is no evidence. */
  doubt(origin: string): void {
    this.#doubted.add(origin);
    this.#ends.delete(origin);
  }

  /**
   * Leaves that come at or after each log's position, in order of their index; a log without a position is read from its
   * first leaf. One session at a time writes a log, so that a leaf is never seen before those with lower indexes.
   */
  async read(positions: ReadonlyMap<string, LogPosition>): Promise<readonly LoggedLeaf[]> {
    const leaves: LoggedLeaf[] = [];
    for (const { origin, next, isFollowed } of await this.#logs()) {
      const position = positions.get(origin) ?? { next: 0n, at: null };
      const end = next ?? this.#ends.get(origin);
      if (end !== undefined && end <= position.next) continue;
      const room = Math.min(LEAVES_PER_ORIGIN, LEAVES_PER_READING - leaves.length);
      if (room === 0) break;
      const found = await readLog(this.#audit, origin, position, room);
      leaves.push(...found);
      if (isFollowed && found.length < room)
        this.#ends.set(origin, (found.at(-1)?.index ?? position.next - 1n) + 1n);
    }
    return leaves;
  }

  async #logs(): Promise<readonly Log[]> {
    const logs = (await findLogs(this.#audit)).filter(({ origin }) => !this.#doubted.has(origin));
    const doubted = [...this.#doubted].map((origin) => ({ origin, next: null, isFollowed: false }));
    return [...logs, ...doubted];
  }
}

interface Log {
  readonly origin: string;
  /** Where it goes on; null for one from before the database knew. */
  readonly next: bigint | null;
  /** Whether a later boot of its instance has begun a log, which closes it. */
  readonly isFollowed: boolean;
}

/** In the order of their names. */
async function findLogs(audit: Store): Promise<readonly Log[]> {
  const rows = await audit<{ origin: string; next: string | null; opened: string }[]>`
    select session.origin, max(position.next_index)::text as next, min(session.number)::text as opened
    from writer_session session left join append_position position on position.session = session.number
    group by session.origin order by session.origin`;
  const lastOpened = new Map<string, bigint>();
  for (const { origin, opened } of rows) {
    const known = lastOpened.get(instanceOf(origin)) ?? 0n;
    if (BigInt(opened) > known) lastOpened.set(instanceOf(origin), BigInt(opened));
  }
  return rows.map(({ origin, next, opened }) => ({
    origin,
    next: next === null ? null : BigInt(next),
    isFollowed: BigInt(opened) < (lastOpened.get(instanceOf(origin)) ?? 0n),
  }));
}

/**
 * One statement a log, so that it is planned for this log's days and opens no partition of any other. The driver would keep a
 * statement written in its own way, and PostgreSQL plans a kept one for all the days there ever were, the sixth time.
 */
async function readLog(
  audit: Store,
  origin: string,
  { next, at }: LogPosition,
  room: number,
): Promise<readonly LoggedLeaf[]> {
  const read = at === null ? undefined : new Date(at.getTime() - DISORDER);
  const since = read ?? bootTimeOf(origin) ?? new Date(0);
  const rows = await audit.unsafe<(Omit<LoggedLeaf, 'index'> & { index: string })[]>(
    `select origin, index, at, leaf, leaf_hash as "leafHash" from leaf
    where origin = $1 and index >= $2::bigint and at >= $3::timestamptz
    order by index limit $4::bigint`,
    [origin, next.toString(), since.toISOString(), room.toString()],
  );
  return rows.map((row) => ({ ...row, index: BigInt(row.index) }));
}

/** Deployment and instance, whose boots follow each other. */
function instanceOf(origin: string): string {
  return origin.slice(0, origin.lastIndexOf('/'));
}
