import type { CheckpointKeys } from './checkpoint-keys.ts';
import { LeafHashes, type Reach } from './leaf-hashes.ts';
import { LogCensus } from './log-census.ts';
import { LogRefused, type RefusalReason } from './log-refused.ts';
import { aggregateOf, isLogOf } from './origins.ts';
import { beat, keepTiles, newestPublished, publish } from './publication.ts';
import { hasSameRoot, type SignedCheckpoint } from './signed-checkpoint.ts';
import { type Growth, SignedLog } from './signed-log.ts';
import type { SignedState } from './signed-state.ts';
import type { LeafTable, SignerSession } from './signer-session.ts';

export interface RoundParts {
  readonly session: SignerSession;
  readonly state: SignedState;
  readonly keys: CheckpointKeys;
  readonly deployment: string;
  readonly clock: () => Date;
}

export interface RoundReport {
  /** Checkpoints of instances' logs that were published in this round. */
  readonly signed: readonly SignedCheckpoint[];
  /** The log of logs, where it has a new one. */
  readonly aggregate: SignedCheckpoint | undefined;
  readonly leaves: bigint;
  readonly live: number;
  readonly ended: number;
  /** Logs in the database that are not of this deployment. */
  readonly foreign: number;
  readonly refused: readonly { readonly origin: string; readonly reason: RefusalReason }[];
}

/** A log that may still grow. */
interface LiveLog {
  readonly origin: string;
  readonly table: LeafTable;
  /** Number of its writer's last session. */
  session: bigint;
  /** Undefined until it was held against what was signed of it. */
  log: SignedLog | undefined;
  refusal: RefusalReason | undefined;
}

/** Most logs without a writer that are looked at in one round. */
const IDLE_A_ROUND = 100;

/**
 * The rounds of one session. Each signs what has been appended to every log since the last one, and then the log of logs
 * over these checkpoints. What was signed is remembered on this machine before anybody else can see it.
 */
export class Rounds {
  readonly #parts: RoundParts;
  readonly #census: LogCensus;
  readonly #hashes: LeafHashes;
  readonly #live = new Map<string, LiveLog>();
  /** Number of the last session by origin. */
  readonly #ended = new Map<string, bigint>();
  readonly #foreign = new Set<string>();
  readonly #aggregate: LiveLog;

  constructor(parts: RoundParts) {
    this.#parts = parts;
    this.#census = new LogCensus(parts.session);
    this.#hashes = new LeafHashes(parts.session, parts.clock);
    this.#aggregate = newLog(aggregateOf(parts.deployment), 'aggregate_leaf', 0n);
  }

  /** Leaves that no checkpoint covers, as far as a quick look shows. */
  async uncovered(): Promise<bigint> {
    const waiting = await this.#waiting();
    return waiting.values().reduce((sum, count) => sum + count, 0n);
  }

  /**
   * @param thorough Looks at everything: leaves of any day, leaves that were signed and may be gone, logs that were
   *   refused and may be well again.
   * @throws whatever the store throws; the session is then not to be used any more.
   */
  async run(thorough: boolean): Promise<RoundReport> {
    await this.#register();
    const idle = await this.#census.withoutWriter([...this.#live.keys()]);
    const waiting = thorough ? undefined : await this.#waiting();

    const grown: Grown[] = [];
    const again: SignedCheckpoint[] = [];
    for (const live of this.#turn(idle)) {
      if (live.refusal !== undefined && !thorough) continue;
      const reach = thorough || idle.has(live.origin) ? 'all' : 'recent';
      if (reach === 'recent' && live.log !== undefined && waiting?.get(live.origin) === 0n) continue;
      grown.push(...(await this.#grow(live, reach, again)));
    }
    const signed = await this.#signAll(grown);
    const aggregate = await this.#publish([...again, ...signed], thorough);
    await beat(this.#parts.session);
    await this.#endLogs(idle);
    return {
      signed,
      aggregate,
      leaves: grown.reduce((sum, { added }) => sum + added, 0n),
      live: this.#live.size,
      ended: this.#ended.size,
      foreign: this.#foreign.size,
      refused: [...this.#live.values(), this.#aggregate].flatMap(({ origin, refusal }) =>
        refusal === undefined ? [] : [{ origin, reason: refusal }],
      ),
    };
  }

  async #register(): Promise<void> {
    for (const { origin, session } of await this.#census.logs()) {
      if (!isLogOf(this.#parts.deployment, origin)) {
        this.#foreign.add(origin);
        continue;
      }
      const ended = this.#ended.get(origin) ?? this.#parts.state.get(origin)?.endedAfter;
      const live = this.#live.get(origin);
      if (live !== undefined) live.session = session;
      else if (ended !== undefined && ended >= session) this.#ended.set(origin, ended);
      else {
        this.#ended.delete(origin);
        this.#live.set(origin, newLog(origin, 'leaf', session));
      }
    }
  }

  #waiting(): Promise<ReadonlyMap<string, bigint>> {
    const opened = [...this.#live.values()].flatMap(({ log }) => (log === undefined ? [] : [log.end]));
    return this.#hashes.waiting(opened, 'recent');
  }

  /** @param again Gets a checkpoint that was signed and never published: a crash came between, or the database went back. */
  async #grow(live: LiveLog, reach: Reach, again: SignedCheckpoint[]): Promise<Grown[]> {
    const wasRefused = live.refusal !== undefined;
    live.refusal = undefined;
    try {
      if (live.log === undefined || wasRefused) live.log = await this.#open(live, again);
      else if (reach === 'all') await live.log.requireEnd();
      const growth = await live.log.grow(reach);
      const added = growth.edge.size - live.log.size;
      if (added === 0n) return [];
      if (growth.tiles.length > 0) await keepTiles(this.#parts.session, live.origin, growth.tiles);
      return [{ live, log: live.log, growth, added }];
    } catch (cause) {
      if (!(cause instanceof LogRefused)) throw cause;
      live.refusal = cause.reason;
      return [];
    }
  }

  async #open({ origin, table }: LiveLog, again: SignedCheckpoint[]): Promise<SignedLog> {
    const { session, state } = this.#parts;
    const signed = state.get(origin)?.signed;
    const published = await newestPublished(session, origin);
    if (published !== undefined) {
      if (signed === undefined || published.size > signed.size)
        throw new LogRefused(origin, 'UNKNOWN_CHECKPOINT');
      if (published.size === signed.size && !hasSameRoot(signed, published))
        throw new LogRefused(origin, 'FORKED');
    }
    // Also of a log that is refused below: what was signed of it belongs where others look for it.
    if (signed !== undefined && signed.size !== published?.size) again.push(signed);
    return await SignedLog.open({ origin, table }, signed, session, this.#hashes);
  }

  async #signAll(grown: readonly Grown[]): Promise<SignedCheckpoint[]> {
    const signed = grown.map(({ live: { origin }, growth: { edge } }) =>
      this.#parts.keys.sign({ origin, size: edge.size, root: edge.root() }),
    );
    await this.#parts.state.keep(signed);
    for (const { log, growth } of grown) log.accept(growth);
    return signed;
  }

  /** Publishes checkpoints of instances' logs, each of them a leaf of the log of logs, and then that one's own. */
  async #publish(
    signed: readonly SignedCheckpoint[],
    thorough: boolean,
  ): Promise<SignedCheckpoint | undefined> {
    const aggregate = this.#aggregate;
    let own: SignedCheckpoint | undefined;
    // Before a leaf is added: nothing is built upon a log of logs that contradicts what was signed of it.
    if (aggregate.log === undefined || thorough) own = await this.#signAggregate();
    if (signed.length === 0) return own;
    const { log, refusal } = aggregate;
    await publish(this.#parts.session, signed, refusal === undefined ? log?.end : undefined);
    return refusal === undefined ? await this.#signAggregate() : own;
  }

  async #signAggregate(): Promise<SignedCheckpoint | undefined> {
    const again: SignedCheckpoint[] = [];
    const own = await this.#signAll(await this.#grow(this.#aggregate, 'all', again));
    if (again.length + own.length > 0) await publish(this.#parts.session, [...again, ...own], undefined);
    return own[0] ?? again[0];
  }

  /** Logs with a writer first, and of the others some: after a long pause they must not hold up those that go on. */
  #turn(idle: ReadonlySet<string>): LiveLog[] {
    const logs = [...this.#live.values()];
    const others = logs.filter(({ origin }) => idle.has(origin)).slice(0, IDLE_A_ROUND);
    return [...logs.filter(({ origin }) => !idle.has(origin)), ...others];
  }

  /** A log without a writer that is covered to its end costs nothing more, unless a session is opened on it again. */
  async #endLogs(idle: ReadonlySet<string>): Promise<void> {
    for (const { origin, session, log, refusal } of [...this.#live.values()]) {
      if (!idle.has(origin) || refusal !== undefined || log === undefined) continue;
      if ((await this.#hashes.waiting([log.end], 'all')).get(origin) !== 0n) continue;
      await this.#parts.state.end(origin, session);
      this.#live.delete(origin);
      this.#ended.set(origin, session);
    }
  }
}

interface Grown {
  readonly live: LiveLog;
  readonly log: SignedLog;
  readonly growth: Growth;
  /** Leaves. */
  readonly added: bigint;
}

function newLog(origin: string, table: LeafTable, session: bigint): LiveLog {
  return { origin, table, session, log: undefined, refusal: undefined };
}
