import { setTimeout as sleep } from 'node:timers/promises';
import type { Hash } from '@contactpoint/audit-log/merkle';
import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';
import type { SignedCheckpoint } from '../signed-checkpoint.ts';
import { addCheckpoint, WitnessAnswerError } from './add-checkpoint.ts';
import type { Witness } from './witnesses-file.ts';

export interface WitnessClientOptions {
  readonly witness: Witness;
  readonly dispatcher: Dispatcher;
  /** Proves that the log of logs at `from` is the beginning of it at `to`. */
  readonly prove: (from: bigint, to: bigint) => Promise<readonly Hash[]>;
  readonly store: CosignatureStore;
  readonly logger: Logger;
  /** Milliseconds of the first pause after a failure, doubled up to a minute; 1,000 by default. */
  readonly firstPause?: number;
  readonly onCosigned: () => void;
  readonly onFailure: (reason: WitnessFailure) => void;
}

export interface CosignatureStore {
  /** Size of the largest checkpoint that this witness has cosigned; 0 for none. */
  newest(witness: string): Promise<bigint>;
  keep(witness: string, size: bigint, line: string): Promise<void>;
}

/**
 * `AHEAD`: it knows a larger log than was ever signed here, which either side may have to explain. `REFUSED`: any answer
 * that is neither a cosignature nor a size.
 */
export type WitnessFailure = 'UNREACHABLE' | 'BAD_ANSWER' | 'REFUSED' | 'AHEAD';

export interface WitnessClient {
  /** Checkpoints of the log of logs that it has not cosigned; undefined until the first one was offered. */
  readonly behind: bigint | undefined;
  /** Takes note of the newest checkpoint, and returns at once; one that is offered meanwhile replaces it. */
  offer(checkpoint: SignedCheckpoint): void;
  close(): Promise<void>;
}

const LONGEST_PAUSE = 60_000;

/** Asks one witness for its cosignature of whatever is newest, for as long as that takes. */
export function createWitnessClient(options: WitnessClientOptions): WitnessClient {
  return new Submissions(options);
}

class Submissions implements WitnessClient {
  readonly #options: WitnessClientOptions;
  readonly #closing = new AbortController();
  #newest: SignedCheckpoint | undefined;
  /** What the witness is thought to know; undefined until the store was asked. */
  #cosigned: bigint | undefined;
  #work: Promise<void> | undefined;
  #lastFailure: WitnessFailure | undefined;

  constructor(options: WitnessClientOptions) {
    this.#options = options;
  }

  get behind(): bigint | undefined {
    return this.#newest === undefined ? undefined : this.#newest.size - (this.#cosigned ?? 0n);
  }

  offer(checkpoint: SignedCheckpoint): void {
    this.#newest = checkpoint;
    if (this.#closing.signal.aborted || checkpoint.size === this.#cosigned) return;
    this.#work ??= this.#submit().finally(() => {
      this.#work = undefined;
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#work;
  }

  async #submit(): Promise<void> {
    const { signal } = this.#closing;
    let pause = this.#options.firstPause ?? 1_000;
    while (!signal.aborted && this.#newest !== undefined && this.#newest.size !== this.#cosigned) {
      const failure = await this.#submitOnce(this.#newest);
      if (failure === undefined) {
        this.#lastFailure = undefined;
        continue;
      }
      if (!signal.aborted) this.#tell(failure);
      await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  async #submitOnce(checkpoint: SignedCheckpoint): Promise<WitnessFailure | undefined> {
    const { witness, dispatcher, prove, store, onCosigned } = this.#options;
    try {
      let old = this.#cosigned ?? (await store.newest(witness.name));
      // The second time with the size that it has told; another one means that somebody else submits too.
      for (let attempt = 0; attempt < 3; attempt++) {
        if (old > checkpoint.size) return 'AHEAD';
        const proof = old === 0n ? [] : await prove(old, checkpoint.size);
        const submission = { old, proof, note: checkpoint.note };
        const answer = await addCheckpoint(witness, submission, { dispatcher, signal: this.#closing.signal });
        if (answer.kind === 'refused') return 'REFUSED';
        if (answer.kind === 'cosigned') {
          await store.keep(witness.name, checkpoint.size, answer.line);
          this.#cosigned = checkpoint.size;
          onCosigned();
          return undefined;
        }
        old = answer.size;
      }
      return 'REFUSED';
    } catch (cause) {
      return cause instanceof WitnessAnswerError ? 'BAD_ANSWER' : 'UNREACHABLE';
    }
  }

  #tell(failure: WitnessFailure): void {
    const { witness, logger, onFailure } = this.#options;
    onFailure(failure);
    if (failure !== this.#lastFailure)
      logger.warn({ witness: witness.name, failure }, 'witness does not cosign');
    this.#lastFailure = failure;
  }
}
