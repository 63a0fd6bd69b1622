import type { LeafHashes, LeafRange, LogEnd } from './leaf-hashes.ts';
import { LogRefused, type RefusalReason } from './log-refused.ts';
import { keepTiles, newestPublished } from './publication.ts';
import { hasSameRoot, type SignedCheckpoint } from './signed-checkpoint.ts';
import { type Growth, SignedLog } from './signed-log.ts';
import type { SignedState } from './signed-state.ts';
import type { LeafTable, SignerSession } from './signer-session.ts';

export interface LiveLogParts {
  readonly session: SignerSession;
  readonly state: SignedState;
  readonly hashes: LeafHashes;
}

/** What one round adds to a log, not signed yet. */
export interface Grown {
  readonly log: SignedLog;
  readonly growth: Growth;
  /** Leaves. */
  readonly added: bigint;
}

/** A log that may still grow, and whether it may be signed. */
export class LiveLog {
  readonly origin: string;
  readonly table: LeafTable;
  /** Number of its writer's last session. */
  session: bigint;
  /** Whether nothing of it, of any day, was without a checkpoint when it was last looked at. */
  isCovered = false;
  readonly #parts: LiveLogParts;
  #log: SignedLog | undefined;
  #refusal: RefusalReason | undefined;

  constructor(origin: string, table: LeafTable, session: bigint, parts: LiveLogParts) {
    this.origin = origin;
    this.table = table;
    this.session = session;
    this.#parts = parts;
  }

  /** Why it is not signed; undefined where it is. */
  get refusal(): RefusalReason | undefined {
    return this.#refusal;
  }

  /** Keeps it from being signed until it is opened again. */
  refuse(reason: RefusalReason): void {
    this.#refusal = reason;
    this.isCovered = false;
  }

  /** Where its next leaf is looked for; undefined where it is not open, or refused. */
  get end(): LeafRange | undefined {
    return this.#refusal === undefined ? this.#log?.end : undefined;
  }

  /**
   * Holds it against what was signed of it, unless that was done and nothing was amiss.
   *
   * @returns A checkpoint that was signed and is not published: a crash came between, or the database went back. Also of a
   *   log that is refused, as it belongs where others look for it.
   */
  async open(): Promise<SignedCheckpoint | undefined> {
    if (this.end !== undefined) return undefined;
    const { session, state, hashes } = this.#parts;
    const signed = state.get(this.origin)?.signed;
    const published = await newestPublished(session, this.origin);
    await this.#unlessRefused(async () => {
      if (published !== undefined) this.#requireKnown(published, signed);
      this.#log = await SignedLog.open(this, signed, session, hashes);
    });
    return (published?.size ?? 0n) < (signed?.size ?? 0n) ? signed : undefined;
  }

  /** @returns undefined where there is nothing to add. */
  async grow(end: LogEnd): Promise<Grown | undefined> {
    const log = this.#log;
    if (log === undefined) return undefined;
    return await this.#unlessRefused(async () => {
      const growth = await log.grow(end);
      if (growth.tiles.length > 0) await keepTiles(this.#parts.session, this.origin, growth.tiles);
      const added = growth.edge.size - log.size;
      return added === 0n ? undefined : { log, growth, added };
    });
  }

  #requireKnown(
    published: Pick<SignedCheckpoint, 'size' | 'root'>,
    signed: SignedCheckpoint | undefined,
  ): void {
    if (signed === undefined || published.size > signed.size)
      throw new LogRefused(this.origin, 'UNKNOWN_CHECKPOINT');
    if (published.size === signed.size && !hasSameRoot(signed, published))
      throw new LogRefused(this.origin, 'FORKED');
  }

  async #unlessRefused<T>(work: () => Promise<T>): Promise<T | undefined> {
    this.#refusal = undefined;
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof LogRefused)) throw cause;
      this.#refusal = cause.reason;
      return undefined;
    }
  }
}
