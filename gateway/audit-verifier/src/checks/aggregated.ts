import type { LogKeys } from '@contactpoint/audit-log/log-keys';
import type { Hash } from '@contactpoint/audit-log/merkle';
import { aggregateOf } from '@contactpoint/audit-log/origin';
import { LogFault } from '../fault.ts';
import type { Findings } from '../findings.ts';
import { HeadList } from '../head-list.ts';
import { readSignedCheckpoint, type SignedCheckpoint } from '../signed-checkpoint.ts';
import type { HeadSequence } from './tree-heads.ts';

/** What a log signed itself. */
export interface OwnHeads {
  hasSigned(size: number, root: Hash): boolean;
  /** Whether one of its checkpoints was not taken for one, which is a fault already. */
  readonly isRefused: boolean;
}

/** Reads leaves of an aggregate log: each a checkpoint of another log of its deployment, none older than one before it. */
export class AggregateLeaves {
  /** By log, what the leaves so far state. */
  readonly heads = new Map<string, HeadList>();
  readonly #keys: LogKeys;
  readonly #findings: Findings;

  constructor(keys: LogKeys, findings: Findings) {
    this.#keys = keys;
    this.#findings = findings;
  }

  /** @param leaf Undefined for one that was pruned, which no leaf of an aggregate may be. */
  take(origin: string, index: number, leaf: Uint8Array | undefined): void {
    if (leaf === undefined) {
      this.#findings.add({
        code: 'PRUNED',
        origin,
        index,
        message: 'a checkpoint is gone from the aggregate log',
      });
      return;
    }
    const text = new TextDecoder().decode(leaf);
    try {
      this.#keep(readSignedCheckpoint(text, this.#keys, { origin, index }), origin, index);
    } catch (cause) {
      if (!(cause instanceof LogFault)) throw cause;
      this.#findings.add(cause.fault);
    }
  }

  #keep(checkpoint: SignedCheckpoint, origin: string, index: number): void {
    if (aggregateOf(checkpoint.origin) !== origin || checkpoint.origin === origin) {
      const message = `a checkpoint of ${checkpoint.origin} does not belong here`;
      this.#findings.add({ code: 'UNREADABLE', origin, index, message });
      return;
    }
    const heads = this.heads.get(checkpoint.origin) ?? new HeadList();
    this.heads.set(checkpoint.origin, heads);
    const last = heads.length - 1;
    if (last === -1 || checkpoint.size > heads.sizeAt(last)) {
      heads.push(checkpoint.size, checkpoint.root, index);
      return;
    }
    const isSame =
      checkpoint.size === heads.sizeAt(last) && Buffer.compare(checkpoint.root, heads.rootAt(last)) === 0;
    if (isSame) return;
    const message = `${checkpoint.origin} was signed at ${checkpoint.size} after it had been signed at ${heads.sizeAt(last)}`;
    this.#findings.add({ code: 'FORK', origin, index, message });
  }
}

/** What the aggregate log says of one log, compared with that log's tree and with its own checkpoints. */
export class Aggregated implements HeadSequence {
  readonly #origin: string;
  readonly #heads: HeadList;
  readonly #own: OwnHeads;
  readonly #findings: Findings;
  #position = 0;
  /** The first of them that is not behind the log's own checkpoints so far. */
  #named = 0;
  /** Positions of those that are, and were not among them. */
  readonly #missing: number[] = [];

  constructor(origin: string, heads: HeadList | undefined, own: OwnHeads, findings: Findings) {
    this.#origin = origin;
    this.#heads = heads ?? new HeadList();
    this.#own = own;
    this.#findings = findings;
  }

  get size(): number {
    return this.#heads.sizeAt(this.#position);
  }

  take(root: Hash): void {
    const stated = this.#heads.rootAt(this.#position);
    // Where the log signed the same, it is the leaves that are wrong, and that is said already.
    if (Buffer.compare(stated, root) !== 0 && !this.#own.hasSigned(this.size, stated)) {
      const agreed = this.#position === 0 ? 0 : this.#heads.sizeAt(this.#position - 1);
      this.#add('FORK', `states another head at ${this.size}`, agreed);
    }
    this.#position++;
  }

  exceed(leaves: number): void {
    this.#add('TRUNCATED', `knows ${this.size} leaves, and there are ${leaves}`, leaves);
  }

  /** Looks whether it names a checkpoint of the log itself; they come in order of size, and are published together. */
  expect({ size }: SignedCheckpoint): void {
    for (; this.#heads.sizeAt(this.#named) < size; this.#named++) this.#missing.push(this.#named);
    if (this.#heads.sizeAt(this.#named) === size) {
      this.#named++;
      return;
    }
    const message = `${aggregateOf(this.#origin)} does not name the checkpoint at ${size}`;
    this.#findings.add({ code: 'NOT_AGGREGATED', origin: this.#origin, message });
  }

  /**
   * Looks whether the log has every checkpoint that it names: one transaction keeps both, so that one of which only the name
   * is left was taken away. Where that was the newest, an older one passes for it.
   */
  end(): void {
    // What was said of a checkpoint that cannot be read, or is not signed, is not said again.
    if (this.#own.isRefused) return;
    for (const position of this.#missing) this.#lacks('MISSING_CHECKPOINT', position, 'is not there');
    const newest = this.#heads.length - 1;
    if (newest >= this.#named) this.#lacks('OLD_CHECKPOINT', newest, 'is not there, and was the newest');
  }

  #lacks(code: 'MISSING_CHECKPOINT' | 'OLD_CHECKPOINT', position: number, what: string): void {
    const size = this.#heads.sizeAt(position);
    const place = `leaf ${this.#heads.placeAt(position)} of ${aggregateOf(this.#origin)}`;
    this.#findings.add({
      code,
      origin: this.#origin,
      message: `the checkpoint at ${size} that ${place} names ${what}`,
    });
  }

  #add(code: 'FORK' | 'TRUNCATED', says: string, index: number): void {
    const message = `leaf ${this.#heads.placeAt(this.#position)} of ${aggregateOf(this.#origin)} ${says}`;
    this.#findings.add({ code, origin: this.#origin, index, message });
  }
}
