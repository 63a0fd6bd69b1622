import type { Store } from './store.ts';

/**
 * Has PostgreSQL count what was brought in: until it comes by on its own, a minute later at best, it plans as though the
 * tables were empty, and reads every identifier there is to find one child's. Tables that somebody else is at work on are left out.
 *
 * @see https://www.postgresql.org/docs/current/populate.html#POPULATE-ANALYZE
 */
export async function countRows(store: Store): Promise<void> {
  await store`analyze (skip_locked)`;
}
