import type { Store } from '@contactpoint/subgraph-kit/store';

/** One access event as the contract answers it; its subjects are found by origin and index. */
export interface AccessEventRow {
  readonly origin: string;
  readonly index: string;
  readonly at: string;
  readonly practitionerId: string | null;
  readonly role: string | null;
  readonly organisationId: string | null;
  readonly purpose: string | null;
  readonly reason: string | null;
  readonly onBehalfOf: string | null;
  readonly breakGlass: boolean;
  readonly operationName: string | null;
  readonly operationHash: string | null;
  readonly outcome: 'RELEASED' | 'PARTIAL' | 'REFUSED';
  readonly usedAnswer: UsedAnswerRow | null;
}

export interface UsedAnswerRow {
  readonly origin: string;
  readonly index: string;
  readonly use: 'COPIED' | 'PRINTED';
}

export interface SubjectAccessRow {
  readonly origin: string;
  readonly index: string;
  readonly childId: string;
  readonly released: readonly string[];
  readonly withheld: readonly string[];
  readonly policies: readonly string[];
}

/** The one who read is the mediator where there is one; the practitioner is then the colleague. */
export function eventColumns(sql: Store) {
  return sql`
    event.origin, event.index, event.at, coalesce(event.mediator_id, event.practitioner_id) as "practitionerId",
    event.role, event.organisation_id as "organisationId", event.purpose, event.reason,
    case when event.mediator_id is not null then event.practitioner_id end as "onBehalfOf",
    event.override as "breakGlass", event.operation_name as "operationName", event.operation_hash as "operationHash",
    event.outcome, case when event.answer_use is not null then jsonb_build_object(
      'origin', event.used_origin, 'index', event.used_index::text, 'use', event.answer_use) end as "usedAnswer"`;
}

/** @param places `origin` and `index` of events. */
export async function findSubjects(
  sql: Store,
  places: readonly { readonly origin: string; readonly index: string }[],
): Promise<readonly SubjectAccessRow[]> {
  return await sql<SubjectAccessRow[]>`
    select origin, index, child_id as "childId", released, withheld, policies
    from access_subject
    join jsonb_to_recordset(${sql.json(places as never)}) as event (origin text, index bigint) using (origin, index)
    order by origin, index, place`;
}

export async function findEvent(
  sql: Store,
  origin: string,
  index: bigint,
): Promise<AccessEventRow | undefined> {
  const [row] = await sql<AccessEventRow[]>`
    select ${eventColumns(sql)} from access_event as event
    where event.origin = ${origin} and event.index = ${index.toString()}::bigint`;
  return row;
}
