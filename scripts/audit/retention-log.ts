import { randomBytes } from 'node:crypto';
import type { PrunedLeaves } from '@contactpoint/audit-log/access-event';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import type { BootLogOptions } from '@contactpoint/audit-log/boot';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';
import { AuditCommandError } from './audit-command-error.ts';
import { openCommandLog } from './command-log.ts';
import type { PruningLog } from './prune-logs.ts';

/** Name under which pruning stands in the log, beside the gateways. */
const INSTANCE = 'retention';

/** The log in which pruning is on record. */
export interface RetentionLog extends PruningLog {
  close(): Promise<void>;
}

/** @throws AuditCommandError when the log does not take anything; also from `record`. */
export async function openRetentionLog(
  options: Pick<BootLogOptions, 'url' | 'deployment' | 'allowUnsafeServer' | 'keys'> & {
    readonly patience?: number;
  },
): Promise<RetentionLog> {
  const { patience, ...where } = options;
  const log = await available(() =>
    openCommandLog({ ...where, instance: INSTANCE, coveredWithin: patience }),
  );
  return { record: (pruned) => record(log, pruned), close: () => log.close() };
}

async function record(log: AuditLog, pruned: PrunedLeaves): Promise<void> {
  const leaves = encodeAccessEvent({
    version: 1,
    kind: 'prune',
    nonce: randomBytes(16).toString('hex'),
    at: new Date().toISOString(),
    instance: INSTANCE,
    override: false,
    outcome: 'RELEASED',
    pruned,
    jtis: [],
    subjects: [],
  });
  await available(async () => {
    for (const leaf of leaves) await log.append(leaf);
  });
}

async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AuditCommandError(`The audit log does not take that it is pruned: ${why}`, {
      cause,
    });
  }
}
