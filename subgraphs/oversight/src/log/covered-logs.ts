import { isAggregate } from '@contactpoint/audit-log/origin';
import type { Store } from '@contactpoint/subgraph-kit/store';

/**
 * How many leaves of each log its newest checkpoint covers. Steps from one name to the next in the checkpoints' index: what
 * the database says of writers is no evidence, and need not name them all.
 *
 * @param audit The log's database, as its reader.
 */
export async function findCoveredLogs(audit: Store): Promise<ReadonlyMap<string, bigint>> {
  const rows = await audit<{ origin: string; size: string }[]>`
    with recursive log as (
      select min(origin) as origin from checkpoint
      union all
      select (select min(origin) from checkpoint where origin > log.origin) from log where log.origin is not null
    )
    select origin, newest.size::text from log
    cross join lateral (
      select size from checkpoint where checkpoint.origin = log.origin order by size desc limit 1
    ) as newest`;
  return new Map(
    rows.filter(({ origin }) => !isAggregate(origin)).map(({ origin, size }) => [origin, BigInt(size)]),
  );
}
