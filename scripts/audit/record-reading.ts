import { createHash, randomBytes } from 'node:crypto';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';
import { AuditCommandError } from './audit-command-error.ts';
import type { RecordSettings } from './audit-settings.ts';
import { openCommandLog } from './command-log.ts';

/** Who reads the log with a command, and what for: as they say, as the database knows no persons. */
export interface Reading {
  readonly practitioner: string;
  readonly reason: string;
  /** Purpose of use, `AUD`. */
  readonly purpose: string;
  /** What they do, `AuditExport`. */
  readonly operation: string;
  /** The command, `npm run audit` unless it is said. */
  readonly client?: string;
}

export interface RecordReadingOptions extends RecordSettings {
  /** Milliseconds for the former log of these commands to be covered by a checkpoint. */
  readonly patience?: number;
  /** For tests, see `PostgresLogOptions`. */
  readonly allowUnsafeServer?: boolean;
}

/** Name under which commands that read the log stand in it, beside the gateways. */
const INSTANCE = 'export';

/**
 * Puts on record that the log is read, in a log of its own; resolves when that is durable, so that nothing is read
 * before.
 *
 * @returns The receipt, `ORIGIN INDEX`.
 * @throws AuditCommandError when it cannot be recorded; nothing may be read then.
 */
export async function recordReading(reading: Reading, options: RecordReadingOptions): Promise<string> {
  const { writerUrl: url, deployment, keys, patience, allowUnsafeServer = false } = options;
  try {
    const log = await openCommandLog({
      ...{ url, deployment, instance: INSTANCE, keys, coveredWithin: patience, allowUnsafeServer },
    });
    try {
      const [leaf] = encodeAccessEvent(eventOf(reading));
      if (leaf === undefined) throw new Error('an event without a leaf');
      const { origin, index } = await log.append(leaf);
      return `${origin} ${index}`;
    } finally {
      await log.close();
    }
  } catch (cause) {
    const why = cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
    throw new AuditCommandError(`The audit log does not take that it is read, so nothing was read: ${why}`, {
      cause,
    });
  }
}

function eventOf({
  practitioner,
  reason,
  purpose,
  operation,
  client = 'npm run audit',
}: Reading): Parameters<typeof encodeAccessEvent>[0] {
  return {
    version: 1,
    kind: 'access',
    nonce: randomBytes(16).toString('hex'),
    at: new Date().toISOString(),
    instance: INSTANCE,
    practitioner,
    purpose,
    reason,
    override: false,
    client,
    operation: { name: operation, hash: createHash('sha256').update(operation).digest('hex') },
    outcome: 'RELEASED',
    jtis: [],
    subjects: [],
  };
}
