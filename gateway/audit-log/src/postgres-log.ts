import { randomBytes } from 'node:crypto';
import type { AuditLog } from './audit-log.ts';
import { type BatchingOptions, DEFAULT_DEADLINE, openBatchingLog } from './batching-log.ts';
import { PostgresSession } from './postgres-session.ts';

export interface PostgresLogOptions extends BatchingOptions {
  /** URL of the audit database as its writer. */
  readonly url: string;
  readonly origin: string;
  /** 32 bytes, by which the database knows who opened the log first: nobody else opens it again. Made up by default. */
  readonly key?: Uint8Array;
  /** Standbys that must have a leaf on their disks as well before it counts; none by default. */
  readonly standbys?: number;
  /**
   * Writes to a server that loses acknowledged leaves when the machine stops (`fsync` off). For tests alone: nothing
   * reads it from a setting.
   */
  readonly allowUnsafeServer?: boolean;
}

const KEY_BYTES = 32;

/**
 * Opens a log in PostgreSQL. One boot of an instance is open at a time.
 *
 * @throws AuditStoreError when the store would not keep what it acknowledges, LogInUseError when another process writes
 *   the log, the driver's error when the store is out of reach.
 */
export function openPostgresLog(options: PostgresLogOptions): Promise<AuditLog> {
  const { url, origin, key = randomBytes(KEY_BYTES), standbys = 0, allowUnsafeServer = false } = options;
  const { deadline = DEFAULT_DEADLINE } = options;
  const session = { url, origin, key, deadline, standbys, allowUnsafeServer };
  const openSession = (takeOver: boolean) => PostgresSession.open({ ...session, takeOver });
  return openBatchingLog(origin, openSession, options);
}
