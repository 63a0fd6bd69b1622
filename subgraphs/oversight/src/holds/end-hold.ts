import type { Store } from '@contactpoint/subgraph-kit/store';
import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';
import { holdColumns, type LawfulHoldRow } from './lawful-hold.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Ends a hold at once. One that has been ended stays as it was ended first.
 *
 * @param numbers All numbers of the child: a hold is the child's, under whichever number it was placed.
 * @throws SubgraphError when the child has no such hold.
 */
export async function endHold(
  sql: Store,
  { id, numbers }: { readonly id: string; readonly numbers: readonly string[] },
  by: string,
  now: Date,
): Promise<LawfulHoldRow> {
  const [hold] = UUID.test(id)
    ? await sql<LawfulHoldRow[]>`
        update lawful_hold set ended_at = coalesce(ended_at, ${now}), ended_by = coalesce(ended_by, ${by})
        where id = ${id}::uuid and child_id = any(${numbers as string[]})
        returning ${holdColumns(sql, now)}`
    : [];
  if (hold === undefined) throw badArgument('id', 'UNKNOWN', 'The child has no such hold');
  return hold;
}
