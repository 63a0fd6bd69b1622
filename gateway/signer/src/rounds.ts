import { aggregateOf } from '@contactpoint/audit-log/origin';
import type { CheckpointKeys } from './checkpoint-keys.ts';
import { LeafHashes, type LogEnd, type Reach } from './leaf-hashes.ts';
import { type Grown, LiveLog, type LiveLogParts } from './live-log.ts';
import { LogCensus } from './log-census.ts';
import type { RefusalReason } from './log-refused.ts';
import { isLogOf } from './origins.ts';
import { beat, publish } from './publication.ts';
import { type Comparison, compareRemembered, NOTHING_COMPARED } from './remembered-logs.ts';
import type { SignedCheckpoint } from './signed-checkpoint.ts';
import type { SignedState } from './signed-state.ts';
import type { SignerSession } from './signer-session.ts';

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
  /** Checkpoints that were signed before, were not in the database, and are again. */
  readonly republished: readonly SignedCheckpoint[];
  /** The log of logs, where it has a new one. */
  readonly aggregate: SignedCheckpoint | undefined;
  readonly leaves: bigint;
  readonly live: number;
  readonly ended: number;
  /** Logs in the database that are not of this deployment. */
  readonly foreign: number;
  readonly refused: readonly { readonly origin: string; readonly reason: RefusalReason }[];
}

/** Most logs without a writer that are looked at in one round. */
const IDLE_A_ROUND = 100;

/**
 * The rounds of one session. Each signs what has been appended to every log since the last one, and then the log of logs
 * over these checkpoints. What was signed is remembered on this machine before anybody else can see it.
 */
export class Rounds {
  readonly #parts: RoundParts & LiveLogParts;
  readonly #census: LogCensus;
  readonly #live = new Map<string, LiveLog>();
  /** Number of the last session by origin. */
  readonly #ended = new Map<string, bigint>();
  readonly #foreign = new Set<string>();
  readonly #aggregate: LiveLog;
  #hasAggregate = false;
  #compared: Comparison = NOTHING_COMPARED;

  constructor(parts: RoundParts) {
    this.#parts = { ...parts, hashes: new LeafHashes(parts.session, parts.clock) };
    this.#census = new LogCensus(parts.session);
    this.#aggregate = new LiveLog(aggregateOf(parts.deployment), 'aggregate_leaf', 0n, this.#parts);
  }

  /** Leaves that no checkpoint covers, as far as a quick look shows. */
  async uncovered(): Promise<bigint> {
    const ends = await this.#ends([...this.#live.values()], 'recent');
    return ends.values().reduce((sum, { waiting }) => sum + waiting, 0n);
  }

  /**
   * @param thorough Looks at everything: leaves of any day, leaves that were signed and may be gone, logs that were
   *   refused and may be well again, the newest checkpoint of every log there ever was.
   * @throws whatever the store throws; the session is then not to be used any more.
   */
  async run(thorough: boolean): Promise<RoundReport> {
    if (thorough) await this.#compare();
    await this.#register();
    // Before anything is read: whatever a writer that is gone has appended is found below.
    const idle = await this.#census.withoutWriter([...this.#live.keys()]);
    // By origin: a log that is opened anew finds the same one missing.
    const again = new Map<string, SignedCheckpoint>();
    if (thorough) for (const signed of this.#compared.unpublished) again.set(signed.origin, signed);
    const grown = await this.#growAll(idle, thorough, again);
    const signed = await this.#signAll(grown);
    const own = again.get(this.#aggregate.origin);
    again.delete(this.#aggregate.origin);
    const aggregate = await this.#publish([...again.values(), ...signed], thorough, own);
    // Without the log of logs no witness learns of what is signed: gateways are to stop, as they do without a signer.
    if (this.#aggregate.refusal === undefined) await beat(this.#parts.session);
    await this.#endLogs(idle);
    return {
      signed,
      republished: [...again.values(), ...present(own)],
      aggregate,
      leaves: grown.reduce((sum, { added }) => sum + added, 0n),
      live: this.#live.size,
      ended: this.#ended.size,
      foreign: this.#foreign.size,
      refused: this.#refused(),
    };
  }

  async #compare(): Promise<void> {
    const { session, state, deployment } = this.#parts;
    const before = this.#compared.refused;
    this.#compared = await compareRemembered(session, state, deployment);
    const { refused } = this.#compared;
    if (before.entries().some(([origin, reason]) => reason === 'VANISHED' && !refused.has(origin)))
      this.#census.lookAgain();
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
        this.#live.set(origin, new LiveLog(origin, 'leaf', session, this.#parts));
      }
    }
  }

  /** Of logs that ended, only what was compared. */
  #refused(): RoundReport['refused'] {
    const reasons = new Map(this.#compared.refused);
    for (const { origin, refusal } of [...this.#live.values(), this.#aggregate]) {
      if (refusal !== undefined) reasons.set(origin, refusal);
    }
    return [...reasons].map(([origin, reason]) => ({ origin, reason }));
  }

  /** @param again Gets checkpoints that were signed before and are not published. */
  async #growAll(
    idle: ReadonlySet<string>,
    thorough: boolean,
    again: Map<string, SignedCheckpoint>,
  ): Promise<readonly Grown[]> {
    const turn = this.#turn(idle).filter((live) => this.#mayBeOpened(live, thorough));
    const isAll = thorough || turn.some(({ origin, end }) => end === undefined || idle.has(origin));
    for (const live of turn) {
      for (const signed of present(await live.open())) again.set(signed.origin, signed);
    }
    const ends = await this.#ends(turn, isAll ? 'all' : 'recent');
    const all: Grown[] = [];
    for (const live of turn) {
      const end = ends.get(live.origin);
      const grown = end === undefined ? undefined : await live.grow(end);
      all.push(...present(grown));
      live.isCovered = isAll && live.refusal === undefined && end?.waiting === (grown?.added ?? 0n);
    }
    return all;
  }

  #mayBeOpened(live: LiveLog, thorough: boolean): boolean {
    const reason = this.#compared.refused.get(live.origin);
    if (reason !== undefined) live.refuse(reason);
    return reason === undefined && (live.refusal === undefined || thorough);
  }

  #ends(logs: readonly LiveLog[], reach: Reach): Promise<ReadonlyMap<string, LogEnd>> {
    return this.#parts.hashes.ends(
      logs.flatMap(({ end }) => present(end)),
      reach,
    );
  }

  async #signAll(all: readonly Grown[]): Promise<SignedCheckpoint[]> {
    const signed = all.map(({ log: { origin }, growth: { edge } }) =>
      this.#parts.keys.sign({ origin, size: edge.size, root: edge.root() }),
    );
    await this.#parts.state.keep(signed);
    for (const { log, growth } of all) log.accept(growth);
    return signed;
  }

  /**
   * Publishes checkpoints of instances' logs, each of them a leaf of the log of logs, and then that one's own.
   *
   * @param again The log of logs' last one, where it is not published.
   */
  async #publish(
    signed: readonly SignedCheckpoint[],
    thorough: boolean,
    again: SignedCheckpoint | undefined,
  ): Promise<SignedCheckpoint | undefined> {
    const aggregate = this.#aggregate;
    let own: SignedCheckpoint | undefined;
    if (again !== undefined) await publish(this.#parts.session, [again], undefined);
    // Before a leaf is added: nothing is built upon a log of logs that contradicts what was signed of it.
    if (!this.#hasAggregate || thorough) own = await this.#signAggregate();
    if (signed.length === 0) return own;
    await publish(this.#parts.session, signed, aggregate.end);
    return aggregate.end === undefined ? own : await this.#signAggregate();
  }

  async #signAggregate(): Promise<SignedCheckpoint | undefined> {
    this.#hasAggregate = true;
    const aggregate = this.#aggregate;
    if (!this.#mayBeOpened(aggregate, true)) return undefined;
    const again = present(await aggregate.open());
    const end = (await this.#ends([aggregate], 'all')).get(aggregate.origin);
    const own = await this.#signAll(end === undefined ? [] : present(await aggregate.grow(end)));
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
    for (const { origin, session, isCovered } of [...this.#live.values()]) {
      if (!idle.has(origin) || !isCovered) continue;
      await this.#parts.state.end(origin, session);
      this.#live.delete(origin);
      this.#ended.set(origin, session);
    }
  }
}

function present<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}
