import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppendError, type AppendErrorCode, AuditStoreError } from './append-error.ts';
import type { AuditLog, LeafReceipt } from './audit-log.ts';
import type { LogSession } from './log-session.ts';

export interface BatchingOptions {
  /** Milliseconds from `append` until it is given up; 2,000 by default. */
  readonly deadline?: number;
  /** Leaves that may wait for the commit under way; 1,000 by default. More are refused at once. */
  readonly maxQueue?: number;
  readonly clock?: () => Date;
  /**
   * Told of every batch as it is sent, whether or not it will be kept: one that is sent under the same indexes takes the
   * place of what was sent there before.
   *
   * @param first Index of the first leaf.
   */
  readonly onSend?: (first: bigint, leaves: readonly Uint8Array[]) => void;
  /** Told why nothing is kept, at each failure and at each attempt in vain to reach the store again. */
  readonly onOutage?: (cause: unknown) => void;
  /** Told when the store keeps again after that. */
  readonly onRecovery?: () => void;
}

/**
 * Opens a session of the log's store.
 *
 * @param takeOver Whether a session of this log that is still there is ended first: it is our own, given up.
 */
export type OpenSession = (takeOver: boolean) => Promise<LogSession>;

/** Milliseconds of `BatchingOptions.deadline`. */
export const DEFAULT_DEADLINE = 2_000;

/** Most bytes of a leaf: tlog-tiles entries carry a uint16 length. */
const MAX_LEAF_BYTES = 65_535;

/** Most leaves, and about as many bytes, in one commit: a full queue must not become one statement of 60 MB. */
const MAX_BATCH = 256;
const MAX_BATCH_BYTES = 4_000_000;

/** Milliseconds between two looks whether the store would still keep what it acknowledges. */
const LOOK_EVERY = 1_000;

/** Milliseconds for one look: nobody waits for it, so that a busy machine may take longer than for a leaf. */
const LOOK_DEADLINE = 10_000;

/** Milliseconds between attempts to reach a store that is gone, doubled up to the longest. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;

/**
 * Opens a log over any store. Leaves are committed in batches without a timer: a batch is what arrived during the last
 * commit, so that a lone append waits for nothing and many share one flush. After any failure everything in flight and
 * queued is rejected and the session given up; another one is sought at once and goes on after the last leaf that the
 * store holds. A rejected leaf may have been kept. Each second, written or not, the session looks at its store.
 *
 * @throws Whatever the first session is refused with.
 */
export async function openBatchingLog(
  origin: string,
  openSession: OpenSession,
  options: BatchingOptions = {},
): Promise<AuditLog> {
  const log = new BatchingLog(origin, openSession, options);
  await log.open();
  return log;
}

interface PendingLeaf {
  readonly leaf: Uint8Array;
  /** Monotonic milliseconds. */
  readonly dueBy: number;
  readonly resolve: (receipt: LeafReceipt) => void;
  readonly reject: (error: AppendError) => void;
}

class BatchingLog implements AuditLog {
  readonly origin: string;
  readonly #openSession: OpenSession;
  readonly #settings: Required<BatchingOptions>;
  #session: LogSession | undefined;
  #queue: PendingLeaf[] = [];
  #inFlight: PendingLeaf[] = [];
  #deadline: NodeJS.Timeout | undefined;
  /** Why the last attempt to reach the store failed; nothing waits for a store that is known to be gone. */
  #outage: { readonly cause: unknown } | undefined;
  readonly #closing = new AbortController();
  #whenIdle: (() => void) | undefined;
  /** Leaves that the store has acknowledged, or held before: a store that comes back with fewer has lost some. */
  #acknowledged = 0n;

  constructor(origin: string, openSession: OpenSession, options: BatchingOptions) {
    this.origin = origin;
    this.#openSession = openSession;
    this.#settings = {
      ...{ deadline: DEFAULT_DEADLINE, maxQueue: 1_000, clock: () => new Date() },
      ...{ onSend: () => {}, onOutage: () => {}, onRecovery: () => {} },
      ...options,
    };
  }

  get healthy(): boolean {
    return this.#session !== undefined;
  }

  async open(): Promise<void> {
    const session = await this.#openSession(false);
    await session.tend(this.#settings.clock());
    this.#acknowledged = session.next;
    this.#use(session);
  }

  append(leaf: Uint8Array): Promise<LeafReceipt> {
    if (leaf.byteLength > MAX_LEAF_BYTES) {
      return Promise.reject(new RangeError(`A leaf takes at most ${MAX_LEAF_BYTES} bytes`));
    }
    if (this.#closing.signal.aborted) return Promise.reject(new AppendError('CLOSED'));
    if (this.#outage !== undefined) return Promise.reject(new AppendError('STORE_FAILED', this.#outage));
    if (this.#queue.length >= this.#settings.maxQueue) return Promise.reject(new AppendError('QUEUE_FULL'));
    const dueBy = performance.now() + this.#settings.deadline;
    return new Promise((resolve, reject) => {
      // A copy: the caller may use its buffer again before the commit. Out of the pool: memory of its own costs more.
      this.#queue.push({ leaf: Buffer.from(leaf), dueBy, resolve, reject });
      if (this.#deadline === undefined) this.#watchOldest();
      if (this.#session !== undefined && this.#inFlight.length === 0) void this.#write(this.#session);
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    if (this.#queue.length + this.#inFlight.length > 0) {
      await new Promise<void>((idle) => {
        this.#whenIdle = idle;
      });
    }
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
  }

  #use(session: LogSession): void {
    this.#session = session;
    this.#outage = undefined;
    void session.lost.then(() => this.#giveUp(session, 'STORE_FAILED'));
    this.#lookLater(session);
    if (this.#queue.length > 0) void this.#write(session);
  }

  /** Writes batch after batch until nothing is queued or the session is given up. */
  async #write(session: LogSession): Promise<void> {
    try {
      while (session === this.#session && this.#queue.length > 0) {
        const batch = this.#takeBatch();
        this.#inFlight = batch;
        const at = this.#settings.clock();
        const leaves = batch.map(({ leaf }) => leaf);
        const expected = session.next;
        const inserting = session.insert(leaves, at);
        // Should nobody wait for it any more.
        inserting.catch(() => undefined);
        // While the store is at work: it takes hashing.
        this.#settings.onSend(expected, leaves);
        const first = await inserting;
        // Given up meanwhile: these were rejected, and a receipt after that would contradict it.
        if (session !== this.#session) return;
        this.#acknowledged = first + BigInt(batch.length);
        for (const [offset, { resolve }] of batch.entries()) {
          resolve({ origin: this.origin, index: first + BigInt(offset) });
        }
        // Still in flight for `append`, which must not start a second writer.
        await session.tend(at);
        if (session !== this.#session) return;
        this.#inFlight = [];
        this.#watchOldest();
      }
    } catch (cause) {
      this.#giveUp(session, 'STORE_FAILED', cause);
    }
  }

  #lookLater(session: LogSession): void {
    setTimeout(() => {
      if (session === this.#session) void this.#look(session);
    }, LOOK_EVERY).unref();
  }

  async #look(session: LogSession): Promise<void> {
    const late = setTimeout(() => this.#giveUp(session, 'DEADLINE'), LOOK_DEADLINE);
    try {
      await session.look();
      this.#lookLater(session);
    } catch (cause) {
      this.#giveUp(session, 'STORE_FAILED', cause);
    } finally {
      clearTimeout(late);
    }
  }

  #takeBatch(): PendingLeaf[] {
    let bytes = 0;
    let count = 0;
    for (const { leaf } of this.#queue) {
      bytes += leaf.byteLength;
      if (count === MAX_BATCH || (count > 0 && bytes > MAX_BATCH_BYTES)) break;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  /** One timer, on the oldest leaf: whatever is younger is due later. */
  #watchOldest(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    const oldest = this.#inFlight[0] ?? this.#queue[0];
    if (oldest === undefined) {
      this.#whenIdle?.();
      return;
    }
    const left = oldest.dueBy - performance.now();
    this.#deadline = setTimeout(() => this.#giveUp(this.#session, 'DEADLINE'), Math.max(0, left));
  }

  /** @param session Undefined when leaves waited for one in vain. One that was given up before is not given up again. */
  #giveUp(session: LogSession | undefined, code: AppendErrorCode, cause?: unknown): void {
    if (session !== this.#session) return;
    this.#session = undefined;
    this.#rejectAll(code, cause);
    if (session === undefined) return;
    this.#settings.onOutage(cause ?? new AppendError(code));
    session.abandon();
    void this.#reconnect();
  }

  #rejectAll(code: AppendErrorCode, cause: unknown): void {
    const pending = [...this.#inFlight, ...this.#queue];
    this.#inFlight = [];
    this.#queue = [];
    for (const { reject } of pending) reject(new AppendError(code, { cause }));
    this.#watchOldest();
  }

  async #reconnect(): Promise<void> {
    const { signal } = this.#closing;
    for (let pause = FIRST_PAUSE; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        const session = await this.#openSession(true);
        if (session.next < this.#acknowledged) {
          session.abandon();
          const lost = `holds ${session.next} leaves, and had acknowledged ${this.#acknowledged}`;
          throw new AuditStoreError(`The store of ${this.origin} ${lost}`);
        }
        if (signal.aborted && this.#queue.length === 0) return session.abandon();
        this.#use(session);
        this.#settings.onRecovery();
        return;
      } catch (cause) {
        this.#outage = { cause };
        this.#settings.onOutage(cause);
        this.#rejectAll('STORE_FAILED', cause);
        await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }
}
