import { PURPOSES } from '@contactpoint/access/purpose';
import type { TransactionSql } from 'postgres';
import { type Counted, FEWEST, publishable } from './publishable.ts';

/** Accesses of one day that are published as one number. */
export interface AccessPart extends Counted {
  /** Null for several organisations, each too small alone. */
  readonly organisation: string | null;
  /** Null for several purposes; also for what a caller wrote that is none. */
  readonly purpose: string | null;
}

/**
 * Accesses to children's records on a day, by organisation and purpose. What is too small for that is counted by purpose
 * alone, and what is too small for that as well, together. Taking along what was shown before is no further access.
 *
 * @param day In Europe/London, over.
 */
export async function countAccesses(sql: TransactionSql, day: string): Promise<readonly AccessPart[]> {
  const counts = sql`
    count(distinct (origin, index))::int as accesses, count(distinct child_id)::int as children`;
  const isLarge = sql`(accesses >= ${FEWEST} and children >= ${FEWEST})`;
  const rows = await sql<(AccessPart & { readonly isRest: boolean })[]>`
    with access as materialized (
      select origin, index, subject.child_id, event.organisation_id as organisation,
        case when event.purpose = any(${Object.keys(PURPOSES)}) then event.purpose end as purpose
      from access_event as event join access_subject as subject using (origin, index)
      where event.at >= london_midnight(${day}::date) and event.at < london_midnight(${day}::date + 1)
        and event.kind in ('access', 'outcome') and event.used_index is null and subject.of_record
    ),
    own as (
      select organisation, purpose, ${counts} from access
      where organisation is not null and purpose is not null group by organisation, purpose
    ),
    left_over as materialized (
      select access.* from access left join own using (organisation, purpose)
      where own.organisation is null or not ${isLarge}
    ),
    alike as (select purpose, ${counts} from left_over where purpose is not null group by purpose),
    rest as (
      select left_over.* from left_over left join alike using (purpose)
      where alike.purpose is null or not ${isLarge}
    )
    select organisation, purpose, accesses, children, false as "isRest" from own where ${isLarge}
    union all
    select null, purpose, accesses, children, false from alike where ${isLarge}
    union all
    select null, null, ${counts}, true from rest
    order by organisation, purpose`;
  const rest = rows.find(({ isRest }) => isRest) ?? { accesses: 0, children: 0 };
  const parts = rows.filter(({ isRest }) => !isRest);
  return publishable<AccessPart>(parts, rest, (counted) => ({
    organisation: null,
    purpose: null,
    ...counted,
  }));
}
