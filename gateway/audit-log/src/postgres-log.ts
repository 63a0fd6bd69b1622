import type { AuditLog } from './audit-log.ts';
import { type BatchingOptions, DEFAULT_DEADLINE, openBatchingLog } from './batching-log.ts';
import { bootTimeOf } from './origin.ts';
import { PostgresSession } from './postgres-session.ts';

export interface PostgresLogOptions extends BatchingOptions {
  /** URL of the audit database as its writer. */
  readonly url: string;
  readonly origin: string;
  /** Name of a lock besides the log's own: whoever else holds it is not written beside. */
  readonly exclusive?: string;
  /** Standbys that must have a leaf on their disks as well before it counts; none by default. */
  readonly standbys?: number;
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
  const { url, origin, exclusive, standbys = 0, allowUnsafeServer = false } = options;
  const { deadline = DEFAULT_DEADLINE } = options;
  const session = { url, origin, exclusive, deadline, standbys, allowUnsafeServer };
  const openSession = (takeOver: boolean) => PostgresSession.open({ ...session, takeOver });
  return openBatchingLog(origin, openSession, { ...options, clock: notBeforeBoot(origin, options.clock) });
}

/** The database looks for a log's leaves from its boot on, so that none may lie before: a clock can be set back. */
function notBeforeBoot(origin: string, clock: () => Date = () => new Date()): () => Date {
  const boot = bootTimeOf(origin)?.getTime() ?? 0;
  return () => new Date(Math.max(clock().getTime(), boot));
}
