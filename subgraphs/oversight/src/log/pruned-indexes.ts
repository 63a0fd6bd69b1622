import { AccessEventError } from '@contactpoint/audit-log/access-event';
import { decodeAccessEvent } from '@contactpoint/audit-log/decode-access-event';
import { bootTimeOf } from '@contactpoint/audit-log/origin';
import type { Store } from '@contactpoint/subgraph-kit/store';

/**
 * Which leaves a `prune` event names, read where it stands: it is up to 60 kB, which hardly anybody asks for and rows need not
 * keep.
 *
 * @param audit The log's database, as its reader.
 * @returns `3,5-9`. Null for an event that names none, from before leaves were named.
 */
export async function findPrunedIndexes(
  audit: Store,
  { origin, index }: { readonly origin: string; readonly index: string },
): Promise<string | null> {
  const [row] = await audit<{ leaf: Uint8Array | null }[]>`
    select leaf from leaf where origin = ${origin} and index = ${index}::bigint
      and at >= ${(bootTimeOf(origin) ?? new Date(0)).toISOString()}::timestamptz`;
  if (row?.leaf == null) return null;
  try {
    return decodeAccessEvent(row.leaf).pruned?.indexes ?? null;
  } catch (cause) {
    // What it says now is not what the row was made of; the projection and `verify` tell of that.
    if (cause instanceof AccessEventError) return null;
    throw cause;
  }
}
