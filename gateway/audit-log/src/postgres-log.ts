import type { AuditLog } from './audit-log.ts';
import { type BatchingOptions, DEFAULT_DEADLINE, openBatchingLog } from './batching-log.ts';
import { PostgresSession } from './postgres-session.ts';

export interface PostgresLogOptions extends BatchingOptions {
  /** URL of the audit database as its writer. */
  readonly url: string;
  readonly origin: string;
  /** Name of a lock besides the log's own: whoever else holds it is not written beside. */
  readonly exclusive?: string;
  /**
   * Writes to a server that loses acknowledged leaves when the machine stops (`fsync` off). For tests alone: nothing
   * reads it from a setting.
   */
  readonly allowUnsafeServer?: boolean;
}

/**
 * Opens a log in PostgreSQL.
 *
 * @throws AuditStoreError when the store would not keep what it acknowledges, LogInUseError when another process writes
 *   the log, the driver's error when the store is out of reach.
 */
export function openPostgresLog(options: PostgresLogOptions): Promise<AuditLog> {
  const { url, origin, exclusive, deadline = DEFAULT_DEADLINE, allowUnsafeServer = false } = options;
  const session = { url, origin, exclusive, deadline, allowUnsafeServer };
  return openBatchingLog(origin, (takeOver) => PostgresSession.open({ ...session, takeOver }), options);
}
