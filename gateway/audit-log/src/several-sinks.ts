import type { AuditLog } from './audit-log.ts';

/**
 * Several stores as one log: a leaf is kept when all of them keep it, and the receipt is the first one's. A leaf that
 * only some have kept was not kept; the others hold one more than they need, which is no fault.
 *
 * @param first Whose indexes are the log's.
 */
export function severalSinks(first: AuditLog, others: readonly AuditLog[]): AuditLog {
  if (others.length === 0) return first;
  const all = [first, ...others];
  return {
    origin: first.origin,
    get healthy() {
      return all.every(({ healthy }) => healthy);
    },
    async append(leaf) {
      const [receipt] = await Promise.all([first.append(leaf), ...others.map((log) => log.append(leaf))]);
      return receipt;
    },
    async close() {
      const closed = await Promise.allSettled(all.map((log) => log.close()));
      for (const one of closed) if (one.status === 'rejected') throw one.reason;
    },
  };
}
