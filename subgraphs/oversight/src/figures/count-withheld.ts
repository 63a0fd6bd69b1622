import { REQUIREMENTS } from '@contactpoint/access/accreditation';
import type { TransactionSql } from 'postgres';
import { classOf } from '../events/categories.ts';
import { type Counted, isLargeEnough, publishable } from './publishable.ts';

/** Requests of one day that are published as one number. */
export interface WithheldPart extends Counted {
  /**
   * `NOTHING`, `IDENTITY` for the child as a whole, another sensitivity class, or `ACCREDITATION_LAPSED TRAINING`: the code of
   * a request that was refused. Null for several of them.
   */
  readonly reason: string | null;
}

/** What a refusal may say besides its code; anything else, a correlation id for one, is not for counting. */
const DETAILS: readonly string[] = [...REQUIREMENTS, 'SCOPE', 'POLICY', 'PURPOSE', 'RELATIONSHIP'];

/** A request is counted once, under what weighs most of what it was not given. */
const WEIGHTIEST_FIRST: readonly string[] = [
  'IDENTITY',
  'SEALED',
  'SPECIAL',
  'STATUS',
  'INVOLVEMENT',
  'LOCATION',
  'REFERENCE',
  'UNCLASSIFIED',
];

interface Decided extends Counted {
  readonly refusal: string | null;
  /** Place in `WEIGHTIEST_FIRST`; null where nothing was withheld. */
  readonly rank: number | null;
}

/**
 * Accesses to children's records on a day, and requests that were refused whole, by what was withheld. The log holds
 * coordinates and no reason of each: a seal's and a shield's is in no answer either.
 *
 * @param day In Europe/London, over.
 */
export async function countWithheld(sql: TransactionSql, day: string): Promise<readonly WithheldPart[]> {
  const coordinates = await sql<{ coordinate: string }[]>`
    select distinct coordinate
    from access_event as event join access_subject as subject using (origin, index), unnest(withheld) as coordinate
    where ${isOf(sql, day)} and subject.of_record`;
  const ranks = coordinates.map(({ coordinate }) => ({
    coordinate,
    rank: WEIGHTIEST_FIRST.indexOf(classOf(coordinate)),
  }));
  const rows = await sql<Decided[]>`
    with ranked as (
      select coordinate, rank from jsonb_to_recordset(${sql.json(ranks)}) as ranked (coordinate text, rank int)
    ),
    request as (
      select origin, index,
        refusal_code || case when refusal_detail = any(${DETAILS as string[]}) then ' ' || refusal_detail else '' end
          as refusal
      from access_event as event where ${isOf(sql, day)}
    ),
    met as (
      select origin, index, child_id,
        (select min(rank) from unnest(withheld) as each join ranked on ranked.coordinate = each) as rank
      from request join access_subject as subject using (origin, index) where subject.of_record
    ),
    decided as (
      select origin, index, request.refusal,
        case when request.refusal is null then min(met.rank) over (partition by origin, index) end as rank, met.child_id
      from request left join met using (origin, index)
      where request.refusal is not null or met.child_id is not null
    )
    select refusal, rank, count(distinct (origin, index))::int as accesses, count(distinct child_id)::int as children
    from decided group by refusal, rank order by refusal, rank`;
  return partsOf(
    rows.map(({ refusal, rank, accesses, children }) => ({
      reason: refusal ?? (rank === null ? 'NOTHING' : (WEIGHTIEST_FIRST[rank] ?? 'UNCLASSIFIED')),
      accesses,
      children,
    })),
  );
}

function isOf(sql: TransactionSql, day: string) {
  return sql`
    event.at >= london_midnight(${day}::date) and event.at < london_midnight(${day}::date + 1)
    and event.kind in ('access', 'outcome') and event.used_index is null`;
}

/** Of small parts together it is known how many children there are at least: as many as in one of them. */
function partsOf(counted: readonly WithheldPart[]): readonly WithheldPart[] {
  const [large, small] = [counted.filter(isLargeEnough), counted.filter((part) => !isLargeEnough(part))];
  const rest = {
    accesses: small.reduce((sum, { accesses }) => sum + accesses, 0),
    children: Math.max(0, ...small.map(({ children }) => children)),
  };
  return publishable<WithheldPart>(large, rest, (together) => ({ reason: null, ...together }));
}
