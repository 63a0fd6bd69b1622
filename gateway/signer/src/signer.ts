import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { aggregateOf } from '@contactpoint/audit-log/origin';
import type { Logger } from 'pino';
import type { CheckpointKeys } from './checkpoint-keys.ts';
import { requireKnownLogs } from './known-logs.ts';
import { LogRefused, type RefusalReason } from './log-refused.ts';
import { type RoundReport, Rounds } from './rounds.ts';
import { SettingError } from './setting-error.ts';
import type { SignedCheckpoint } from './signed-checkpoint.ts';
import { SignedState } from './signed-state.ts';
import { SessionError, SignerSession } from './signer-session.ts';

export interface SignerOptions {
  /** URL of the audit database as its signer. */
  readonly databaseUrl: string;
  readonly deployment: string;
  /** Folder of what was signed. */
  readonly stateFolder: string;
  /** Asked before every round: keys may have been rotated. */
  readonly keys: () => CheckpointKeys;
  readonly adopt: boolean;
  readonly clock: () => Date;
  readonly logger: Logger;
  readonly onRound: (report: RoundReport, milliseconds: number) => void;
  /** Told after each round of the newest checkpoint of the log of logs, new or not. */
  readonly onAggregate: (checkpoint: SignedCheckpoint) => void;
}

export interface Signer {
  /** Whether rounds are being made: the last one is not long ago. */
  readonly healthy: boolean;
  /** Rejects with the SettingError that ends it; settles once it was stopped. */
  readonly ended: Promise<void>;
  /** Makes one more round, so that what was appended last is covered, and lets go of the lock. */
  stop(): Promise<void>;
}

/** Milliseconds between two rounds, at most; fewer once this many leaves wait. */
const ROUND_INTERVAL = 1_000;
const LEAVES_A_ROUND = 1_000n;

/** Milliseconds between two looks at how many wait. */
const LOOK_INTERVAL = 100;

/** Milliseconds between two rounds that look at everything. */
const THOROUGH_INTERVAL = 10_000;

/** Milliseconds for one answer of the store; gateways are patient for 60 s. */
const DEADLINE = 10_000;

/** Milliseconds until another attempt where the store failed, or another signer is at work. */
const PAUSE = 500;

/** Milliseconds after its last round that a signer counts as well. */
const HEALTHY_FOR = 5_000;

/** Makes rounds until it is stopped, by one session after the other. */
export function startSigner(options: SignerOptions): Signer {
  const stopping = new AbortController();
  const signer = new SigningLoop(options, stopping.signal);
  const ended = signer.serve();
  // Whoever awaits it is told; a rejection must not end the process before.
  ended.catch(() => undefined);
  return {
    get healthy() {
      return signer.healthy;
    },
    ended,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

class SigningLoop {
  readonly #options: SignerOptions;
  readonly #stopping: AbortSignal;
  #lastRound = Number.NEGATIVE_INFINITY;
  #hasBegun = false;
  #saidWaiting = false;
  readonly #refused = new Map<string, RefusalReason>();

  constructor(options: SignerOptions, stopping: AbortSignal) {
    this.#options = options;
    this.#stopping = stopping;
  }

  get healthy(): boolean {
    return performance.now() - this.#lastRound < HEALTHY_FOR;
  }

  /** @throws SettingError where it must not begin; later nothing ends it but being stopped. */
  async serve(): Promise<void> {
    const { databaseUrl: url, deployment, logger } = this.#options;
    while (!this.#stopping.aborted) {
      try {
        const session = await SignerSession.open({ url, deployment, deadline: DEADLINE });
        if (session !== undefined) await this.#sign(session).finally(() => session.close());
        else if (!this.#saidWaiting) logger.info('another signer is at work: waiting');
        this.#saidWaiting = session === undefined;
      } catch (cause) {
        if (cause instanceof SettingError && !this.#hasBegun) throw cause;
        logger.error(problemOf(cause), 'round given up, everything is looked at anew');
      }
      await this.#pause(PAUSE);
    }
  }

  async #sign(session: SignerSession): Promise<void> {
    const { deployment, adopt, stateFolder, clock, logger, onAggregate } = this.#options;
    const state = SignedState.open(stateFolder);
    const keys = this.#options.keys();
    const adopted = await requireKnownLogs({ session, state, keys, deployment, adopt });
    if (adopted > 0)
      logger.warn({ adopted }, 'believed checkpoints of the database that were not remembered');
    this.#hasBegun = true;

    const current: CheckpointKeys = {
      sign: (head) => this.#options.keys().sign(head),
      vouchFor: (origin, note) => this.#options.keys().vouchFor(origin, note),
    };
    const rounds = new Rounds({ session, state, keys: current, deployment, clock });
    let aggregate = state.get(aggregateOf(deployment))?.signed;
    for (let lastThorough = Number.NEGATIVE_INFINITY; ; ) {
      // Asked before the round: what was appended until now is covered by it.
      const isLast = this.#stopping.aborted;
      const begun = performance.now();
      const isThorough = begun - lastThorough >= THOROUGH_INTERVAL;
      if (isThorough) lastThorough = begun;
      const report = await rounds.run(isThorough);
      this.#lastRound = performance.now();
      this.#tell(report, this.#lastRound - begun);
      aggregate = report.aggregate ?? aggregate;
      if (aggregate !== undefined) onAggregate(aggregate);
      if (isLast) return;
      await this.#untilDue(rounds, begun);
    }
  }

  async #untilDue(rounds: Rounds, begun: number): Promise<void> {
    while (!this.#stopping.aborted && performance.now() - begun < ROUND_INTERVAL) {
      const left = ROUND_INTERVAL - (performance.now() - begun);
      await this.#pause(Math.max(0, Math.min(LOOK_INTERVAL, left)));
      if (left > LOOK_INTERVAL && (await rounds.uncovered()) >= LEAVES_A_ROUND) return;
    }
  }

  #tell(report: RoundReport, milliseconds: number): void {
    const { logger, onRound } = this.#options;
    onRound(report, milliseconds);
    for (const { origin, size } of report.republished)
      logger.warn(
        { origin, size: size.toString() },
        'a signed checkpoint was not in the database: published again',
      );
    const refused = new Map(report.refused.map(({ origin, reason }) => [origin, reason]));
    for (const [origin, reason] of refused) {
      if (this.#refused.get(origin) !== reason)
        logger.error({ origin, reason }, 'log refused, nothing of it is signed');
    }
    for (const origin of this.#refused.keys()) {
      if (!refused.has(origin)) logger.info({ origin }, 'log is well again');
    }
    this.#refused.clear();
    for (const [origin, reason] of refused) this.#refused.set(origin, reason);
  }

  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#stopping }).catch(() => undefined);
  }
}

/** The driver's own errors may quote the URL, which holds a password. */
function problemOf(cause: unknown): { readonly problem: string } {
  const isOurs =
    cause instanceof SessionError || cause instanceof SettingError || cause instanceof LogRefused;
  if (isOurs) return { problem: cause.message };
  const { code, name } = cause as { readonly code?: unknown; readonly name?: unknown };
  return { problem: String(code ?? name) };
}
