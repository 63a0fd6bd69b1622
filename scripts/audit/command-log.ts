import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { type BootLogOptions, startBootLog } from '@contactpoint/audit-log/boot';

export interface CommandLogOptions
  extends Pick<
    BootLogOptions,
    'url' | 'deployment' | 'instance' | 'keys' | 'patience' | 'allowUnsafeServer' | 'onWaiting'
  > {
  /** Milliseconds for the former log of the instance to be covered by a checkpoint; 60,000 by default. */
  readonly coveredWithin?: number | undefined;
}

/** Milliseconds: nobody waits for the answer, so that a busy store may take longer than for a gateway. */
const DEADLINE = 10_000;

/** Milliseconds in which the signer, which signs each second, should have covered the former log. */
const COVERED_WITHIN = 60_000;

/**
 * Opens the log in which a command stands beside the gateways, and waits until it takes leaves.
 *
 * @throws As `startBootLog`; an Error that says what it waited for, when that did not come in time.
 */
export async function openCommandLog({
  coveredWithin = COVERED_WITHIN,
  onWaiting,
  ...options
}: CommandLogOptions): Promise<AuditLog> {
  let waitsFor = 'no checkpoint covers its former log';
  const log = await startBootLog({
    ...options,
    deadline: DEADLINE,
    onWaiting: (why) => {
      waitsFor = why;
      onWaiting?.(why);
    },
  });
  const timer = setTimeout(() => void log.close(), coveredWithin);
  try {
    await log.booted;
    return log;
  } catch (cause) {
    throw new Error(waitsFor, { cause });
  } finally {
    clearTimeout(timer);
  }
}
