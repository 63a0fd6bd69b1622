import postgres from 'postgres';
import type { TestSystem } from '../running-system.ts';

/** What whoever owns the audit database can do to it: no trigger and no role stands in the way. */
export async function asAuditOwner(
  { clusters }: Pick<TestSystem, 'clusters'>,
  change: (sql: postgres.Sql) => Promise<unknown>,
): Promise<void> {
  const sql = postgres(auditOwnerUrl({ clusters }), { max: 1, onnotice: () => undefined });
  try {
    await sql`set session_replication_role = replica`;
    await change(sql);
  } finally {
    await sql.end();
  }
}

export function auditOwnerUrl({ clusters }: Pick<TestSystem, 'clusters'>): string {
  const url = clusters.embedded.audit?.url;
  if (url === undefined) throw new Error('the audit database is somebody else’s');
  return url;
}
