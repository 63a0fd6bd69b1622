import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PreviousBoot } from './access-event.ts';
import { AppendError, LogInUseError } from './append-error.ts';
import type { AuditLog, LeafReceipt } from './audit-log.ts';
import {
  type CheckpointReader,
  type FormerCheckpoint,
  type FormerLog,
  openCheckpointReader,
} from './checkpoint-reader.ts';
import { encodeAccessEvent } from './encode-access-event.ts';
import type { LogKeys } from './log-keys.ts';
import { originOf } from './origin.ts';
import { openPostgresLog, type PostgresLogOptions } from './postgres-log.ts';
import { severalSinks } from './several-sinks.ts';
import { verifiedCheckpoint } from './verified-checkpoint.ts';

export interface BootLogOptions
  extends Pick<
    PostgresLogOptions,
    'url' | 'deadline' | 'maxQueue' | 'standbys' | 'allowUnsafeServer' | 'onSend' | 'onOutage' | 'onRecovery'
  > {
  /** `contactpoint.local`. */
  readonly deployment: string;
  /** `gateway-1`: of each there is one process at a time. */
  readonly instance: string;
  /** Milliseconds to wait for another process of the same name to end; 15,000 by default, `Infinity` for ever. */
  readonly patience?: number;
  /** Opens the other stores that must hold every leaf as well; none by default. */
  readonly beside?: (origin: string) => Promise<readonly AuditLog[]>;
  /** Told what the boot waits for, each time that this changes. */
  readonly onWaiting?: (why: string) => void;
  readonly now?: () => Date;
  /** Keys by which the former log's last checkpoint must be signed: what the database says of it is not believed. */
  readonly keys: () => LogKeys;
}

/** A log that takes leaves once its boot is on record; until then `append` is refused with NOT_COVERED. */
export interface BootLog extends AuditLog {
  /** Resolves when the log takes leaves; rejects with CLOSED when it is closed before. */
  readonly booted: Promise<void>;
}

/** Milliseconds that a machine which is gone keeps its lock at most: the keep-alive of `PostgresSession`, and some more. */
const DEFAULT_PATIENCE = 15_000;

/** Milliseconds between two looks at what the boot waits for. */
const PAUSE = 200;

/**
 * Opens the log of a new boot and waits until it takes leaves.
 *
 * @throws As `startBootLog`.
 */
export async function openBootLog(options: BootLogOptions): Promise<AuditLog> {
  const log = await startBootLog(options);
  await log.booted;
  return log;
}

/**
 * Opens the log of a new boot, and resolves before it takes leaves: that is once a checkpoint covers all of the former
 * boot's log and the `boot` event, which commits to that checkpoint, is kept as leaf 0. So the logs of an instance are
 * a chain in which no link can go missing unseen. A boot event that was not known to be kept is kept again, and stands
 * twice then.
 *
 * @throws LogInUseError when another process writes under the name of this instance and does not end; AuditStoreError
 *   when the store would not keep what it acknowledges; the driver's error when it is out of reach.
 */
export async function startBootLog(options: BootLogOptions): Promise<BootLog> {
  const { deployment, instance, now = () => new Date(), beside = async () => [] } = options;
  const origin = originOf({
    deployment,
    instance,
    boot: { at: now(), random: randomBytes(4).toString('hex') },
  });
  const told = tellChanges(options.onWaiting);
  const first = await whenFree({ ...options, origin }, told);
  try {
    const log = severalSinks(first, await beside(origin));
    return new BootingLog(log, openCheckpointReader(options.url), {
      instance,
      now,
      told,
      keys: options.keys,
    });
  } catch (cause) {
    await first.close();
    throw cause;
  }
}

async function whenFree(
  options: PostgresLogOptions & Pick<BootLogOptions, 'patience'>,
  told: (why: string) => void,
): Promise<AuditLog> {
  const giveUp = performance.now() + (options.patience ?? DEFAULT_PATIENCE);
  for (;;) {
    try {
      return await openPostgresLog(options);
    } catch (cause) {
      if (!(cause instanceof LogInUseError) || performance.now() > giveUp) throw cause;
      told(cause.message);
      await sleep(PAUSE);
    }
  }
}

interface BootSettings {
  readonly instance: string;
  readonly now: () => Date;
  readonly told: (why: string) => void;
  readonly keys: BootLogOptions['keys'];
}

class BootingLog implements BootLog {
  readonly booted: Promise<void>;
  readonly #log: AuditLog;
  readonly #closing = new AbortController();
  #isBooted = false;

  constructor(log: AuditLog, checkpoints: CheckpointReader, settings: BootSettings) {
    this.#log = log;
    this.booted = this.#boot(checkpoints, settings).finally(() => checkpoints.close());
    // Whoever does not wait for it is told by `append`.
    this.booted.catch(() => undefined);
  }

  get origin(): string {
    return this.#log.origin;
  }

  get healthy(): boolean {
    return this.#isBooted && this.#log.healthy;
  }

  append(leaf: Uint8Array): Promise<LeafReceipt> {
    return this.#isBooted ? this.#log.append(leaf) : Promise.reject(new AppendError('NOT_COVERED'));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.booted.catch(() => undefined);
    await this.#log.close();
  }

  async #boot(checkpoints: CheckpointReader, { instance, now, told, keys }: BootSettings): Promise<void> {
    const previous = await this.#retry<PreviousBoot | undefined>(async () => {
      const former = await checkpoints.previousBoot(this.origin).catch(() => 'unreachable' as const);
      if (former === 'unreachable') return waiting('The audit database does not answer');
      return former === undefined ? { done: undefined } : coveredBoot(former, keys());
    }, told);
    const [leaf] = encodeAccessEvent({
      version: 1,
      kind: 'boot',
      nonce: randomBytes(16).toString('hex'),
      at: now().toISOString(),
      instance,
      override: false,
      outcome: 'RELEASED',
      ...(previous === undefined ? {} : { previous }),
      jtis: [],
      subjects: [],
    });
    if (leaf === undefined) throw new Error('an event without a leaf');
    await this.#retry(async () => {
      const receipt = await this.#log.append(leaf).catch(() => undefined);
      return receipt === undefined ? waiting('The audit log does not take its boot') : { done: receipt };
    }, told);
    this.#isBooted = true;
  }

  async #retry<T>(attempt: () => Promise<Attempt<T>>, told: (why: string) => void): Promise<T> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const result = await attempt();
      if ('done' in result) return result.done;
      told(result.why);
      await sleep(PAUSE, undefined, { signal, ref: false }).catch(() => undefined);
    }
    throw new AppendError('CLOSED');
  }
}

type Attempt<T> = { readonly done: T } | { readonly why: string };

function waiting(why: string): { readonly why: string } {
  return { why };
}

/** A checkpoint of more leaves than there are is no cover either: the log was cut off at its end. */
function coveredBoot({ origin, leaves, checkpoint }: FormerLog, keys: LogKeys): Attempt<PreviousBoot> {
  if (checkpoint === undefined || checkpoint.size !== leaves) {
    const covered = checkpoint?.size ?? 0n;
    return waiting(`The former log ${origin} holds ${leaves} leaves, and checkpoints cover ${covered}`);
  }
  if (!isSigned(origin, checkpoint, keys))
    return waiting(`The last checkpoint of the former log ${origin} is not signed by a known key`);
  const rootHash = Buffer.from(checkpoint.rootHash).toString('base64');
  return { done: { origin, size: checkpoint.size.toString(), rootHash } };
}

/** What stands beside the note must be what was signed. */
function isSigned(origin: string, { size, rootHash, note }: FormerCheckpoint, keys: LogKeys): boolean {
  const signed = verifiedCheckpoint(note, origin, keys);
  return signed !== undefined && signed.size === size && Buffer.compare(signed.root, rootHash) === 0;
}

function tellChanges(onWaiting: (why: string) => void = () => undefined): (why: string) => void {
  let last = '';
  return (why) => {
    if (why !== last) onWaiting(why);
    last = why;
  };
}
