import type { LogKeys } from '@contactpoint/audit-log/log-keys';
import type { Hash } from '@contactpoint/audit-log/merkle';
import { LogFault } from '../fault.ts';
import type { Findings } from '../findings.ts';
import type { SourceLog } from '../log-source.ts';
import { readSignedCheckpoint, type SignedCheckpoint } from '../signed-checkpoint.ts';
import type { HeadSequence } from './tree-heads.ts';

export interface CheckpointsOptions {
  readonly log: SourceLog;
  readonly keys: LogKeys;
  readonly findings: Findings;
  /** Told of each one that is signed, before it is compared with the tree. */
  readonly onCheckpoint: (checkpoint: SignedCheckpoint) => void;
}

/** A log's own checkpoints: each signed by its log, each size once, each the head of the tree. */
export class Checkpoints implements HeadSequence {
  readonly #options: CheckpointsOptions;
  readonly #notes: AsyncIterator<string>;
  #next: SignedCheckpoint | undefined;
  #last: SignedCheckpoint | undefined;
  #lastNote: string | undefined;
  #taken: SignedCheckpoint | undefined;
  #agreed = 0;
  /** How many were read, good ones and others. */
  count = 0;
  /** Whether one of them was not taken for one. */
  isRefused = false;

  private constructor(options: CheckpointsOptions) {
    this.#options = options;
    this.#notes = options.log.checkpoints()[Symbol.asyncIterator]();
  }

  static async open(options: CheckpointsOptions): Promise<Checkpoints> {
    const checkpoints = new Checkpoints(options);
    await checkpoints.#advance();
    return checkpoints;
  }

  get size(): number {
    return this.#next?.size ?? Number.POSITIVE_INFINITY;
  }

  /** The largest that is signed. */
  get newest(): SignedCheckpoint | undefined {
    return this.#last;
  }

  /** Whether the log itself signed this head, when that size was the last one taken. */
  hasSigned(size: number, root: Hash): boolean {
    return this.#taken?.size === size && Buffer.compare(this.#taken.root, root) === 0;
  }

  async take(root: Hash): Promise<void> {
    const checkpoint = this.#next as SignedCheckpoint;
    this.#taken = checkpoint;
    if (Buffer.compare(checkpoint.root, root) === 0) this.#agreed = checkpoint.size;
    else this.#contradict(checkpoint);
    await this.#advance();
  }

  exceed(leaves: number): void {
    const message = `a checkpoint covers ${this.size} leaves, and there are ${leaves}`;
    this.#add({ code: 'TRUNCATED', index: leaves, message });
  }

  /** The one that is shown as the newest must be the newest: an older one would hide what came after it. */
  async checkLatest(): Promise<void> {
    // What is left when the log ended early still tells which one is the newest.
    while (this.#next !== undefined) await this.#advance();
    const latest = await this.#readLatest();
    if (latest === this.#lastNote) return;
    const message =
      latest === undefined
        ? 'no checkpoint is shown as the newest'
        : 'the checkpoint that is shown as the newest is not the last one';
    this.#add({ code: 'OLD_CHECKPOINT', message });
  }

  async #advance(): Promise<void> {
    this.#next = undefined;
    while (this.#next === undefined) {
      const { done, value } = await this.#read();
      if (done) return;
      this.count++;
      this.#lastNote = value;
      this.#next = this.#accept(value);
      if (this.#next === undefined) this.isRefused = true;
    }
    this.#last = this.#next;
    this.#options.onCheckpoint(this.#next);
  }

  async #read(): Promise<IteratorResult<string>> {
    return (await this.#orFault(() => this.#notes.next())) ?? { done: true, value: undefined };
  }

  #readLatest(): Promise<string | undefined> {
    return this.#orFault(() => this.#options.log.latest());
  }

  /** @returns undefined where the source found a fault, which is kept. */
  async #orFault<T>(reading: () => Promise<T>): Promise<T | undefined> {
    try {
      return await reading();
    } catch (cause) {
      if (!(cause instanceof LogFault)) throw cause;
      this.#options.findings.add(cause.fault);
      this.isRefused = true;
      return undefined;
    }
  }

  #accept(text: string): SignedCheckpoint | undefined {
    const { log, keys, findings } = this.#options;
    try {
      const checkpoint = readSignedCheckpoint(text, keys, { origin: log.origin });
      return this.#isInPlace(checkpoint) ? checkpoint : undefined;
    } catch (cause) {
      if (!(cause instanceof LogFault)) throw cause;
      findings.add(cause.fault);
      return undefined;
    }
  }

  #isInPlace({ origin, size, root }: SignedCheckpoint): boolean {
    if (origin !== this.#options.log.origin) {
      this.#add({ code: 'UNREADABLE', message: `a checkpoint of ${origin} stands among its own` });
      return false;
    }
    const last = this.#last;
    if (last === undefined || size > last.size) return true;
    if (size === last.size && Buffer.compare(root, last.root) !== 0) {
      this.#add({ code: 'FORK', message: `two heads were signed for the tree of ${size} leaves` });
    } else {
      this.#add({
        code: 'CHECKPOINT_ORDER',
        message: `the checkpoint at ${size} comes after the one at ${last.size}`,
      });
    }
    return false;
  }

  #contradict({ size }: SignedCheckpoint): void {
    const since =
      this.#agreed === size - 1 ? `leaf ${this.#agreed}` : `a leaf from ${this.#agreed} to ${size - 1}`;
    const message = `the leaves do not make the head that was signed at ${size}: ${since} is not what it was`;
    this.#add({ code: 'TREE_HEAD', index: this.#agreed, message });
  }

  #add(fault: {
    code: 'TRUNCATED' | 'OLD_CHECKPOINT' | 'UNREADABLE' | 'FORK' | 'CHECKPOINT_ORDER' | 'TREE_HEAD';
    index?: number;
    message: string;
  }): void {
    this.#options.findings.add({ ...fault, origin: this.#options.log.origin });
  }
}
