import type { AuditLog } from './audit-log.ts';
import { type BatchingOptions, DEFAULT_DEADLINE, openBatchingLog } from './batching-log.ts';
import { RedisSession } from './redis-session.ts';

export interface RedisLogOptions extends BatchingOptions {
  /** `rediss://user:password@host:6379`, of one primary. */
  readonly url: string;
  readonly origin: string;
}

/**
 * Opens a log in a stream of Redis or Valkey.
 *
 * @throws AuditStoreError when the server would not keep what it acknowledges: a replica, no append-only file, one that
 *   is flushed now and then only, keys that are evicted; the driver's error when it is out of reach.
 */
export function openRedisLog(options: RedisLogOptions): Promise<AuditLog> {
  const { url, origin, deadline = DEFAULT_DEADLINE } = options;
  return openBatchingLog(origin, () => RedisSession.open({ url, origin, deadline }), options);
}
