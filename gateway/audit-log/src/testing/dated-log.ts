import postgres from 'postgres';
import type { AuditLog } from '../audit-log.ts';
import { leafHash } from '../merkle.ts';

/**
 * A log whose leaves lie at times of a test's choosing, none before the one that it follows. No writer dates a leaf, so it
 * is kept past the writer, as only the owner of the database can.
 *
 * @param ownerUrl Superuser URL of the audit database.
 */
export async function openDatedLog(ownerUrl: string, origin: string, clock: () => Date): Promise<AuditLog> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  await sql`select pg_advisory_lock(hashtextextended(${origin}, 0))`;
  await sql`insert into writer_session (origin, next_index, opened_at) values (${origin}, 0, ${clock()})`;
  let next = 0n;
  let at = 0;
  return {
    origin,
    healthy: true,
    async append(leaf) {
      const index = next++;
      at = Math.max(at, clock().getTime());
      await sql`
        insert into leaf (origin, index, at, leaf, leaf_hash)
        values (${origin}, ${String(index)}, ${new Date(at)}, ${Buffer.from(leaf)}, ${leafHash(leaf)})`;
      return { origin, index };
    },
    close: () => sql.end(),
  };
}
