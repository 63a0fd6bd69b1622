import type { Store } from '@contactpoint/subgraph-kit/store';
import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';
import { readInstant } from '../bad-input.ts';
import { type Page, type PageArguments, pageOf, readAfter, readFirst } from '../page.ts';
import { type AccessEventRow, eventColumns } from './access-event-row.ts';

/** As the contract's input of this name; `from` counts, `to` does not. */
export interface AccessEventFilter {
  readonly childId?: string | null;
  /** Who read, or on whose behalf. */
  readonly practitionerId?: string | null;
  readonly organisationId?: string | null;
  readonly purpose?: string | null;
  readonly outcome?: AccessEventRow['outcome'] | null;
  readonly namesChild?: boolean | null;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** Of a cursor's keys beside the time: origin and index. */
const PLACE_FORM = [/^\S{1,200}$/, /^\d{1,18}$/];

/** Refused unless it names a child, a practitioner or an organisation: browsing is for auditors. */
export function requireNarrow(filter: AccessEventFilter, role: string): void {
  if (role === 'auditor') return;
  if (filter.childId || filter.practitionerId || filter.organisationId) return;
  throw badArgument('filter', 'UNFIT', 'The filter needs a childId, a practitionerId or an organisationId');
}

/**
 * Newest first. An event that comes while somebody turns pages moves nothing on the pages that follow.
 *
 * @param numbers All numbers of the child whom the filter names; undefined where it names none.
 */
export async function findAccessEvents(
  sql: Store,
  filter: AccessEventFilter,
  numbers: readonly string[] | undefined,
  page: PageArguments,
): Promise<Page<AccessEventRow>> {
  const first = readFirst(page);
  const after = readAfter(page, PLACE_FORM);
  const from = readInstant(filter.from, 'from');
  const to = readInstant(filter.to, 'to');
  const { practitionerId, organisationId, purpose, outcome, namesChild } = filter;
  const found = await sql<AccessEventRow[]>`
    select ${eventColumns(sql)} from ${numbers ? eventsOf(sql, numbers) : sql`access_event as event`}
    where true
      ${practitionerId ? sql`and (event.practitioner_id = ${practitionerId} or event.mediator_id = ${practitionerId})` : sql``}
      ${organisationId ? sql`and event.organisation_id = ${organisationId}` : sql``}
      ${purpose ? sql`and event.purpose = ${purpose}` : sql``}
      ${outcome ? sql`and event.outcome = ${outcome}` : sql``}
      ${typeof namesChild === 'boolean' ? sql`and ${namesAny(sql)} = ${namesChild}` : sql``}
      ${from ? sql`and event.at >= ${from}::timestamptz` : sql``}
      ${to ? sql`and event.at < ${to}::timestamptz` : sql``}
      ${after ? sql`and (event.at, event.origin, event.index) < (${after[0]}::timestamptz, ${after[1] ?? ''}, ${after[2] ?? ''}::bigint)` : sql``}
    order by event.at desc, event.origin desc, event.index desc
    limit ${first + 1}`;
  return pageOf(found, first, ({ at, origin, index }) => [at, origin, index]);
}

/** Begins at the child, who has few events: `exists` would begin at the newest of all events and walk back. */
function eventsOf(sql: Store, numbers: readonly string[]) {
  return sql`
    (select distinct origin, index from access_subject where child_id = any(${numbers as string[]})) as subject
    join access_event as event using (origin, index)`;
}

function namesAny(sql: Store) {
  return sql`
    exists (select from access_subject as named where named.origin = event.origin and named.index = event.index)`;
}
