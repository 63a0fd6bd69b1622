import type { Store } from '@contactpoint/subgraph-kit/store';
import { badArgument, SubgraphError } from '@contactpoint/subgraph-kit/subgraph-error';
import { readIndex, readText } from '../bad-input.ts';
import { type AccessEventRow, findEvent } from '../events/access-event-row.ts';

export interface ReviewArguments {
  readonly origin: string;
  readonly index: string;
  readonly outcome: 'JUSTIFIED' | 'UNJUSTIFIED';
  readonly note: string;
}

const SHORTEST_NOTE = 10;
const LONGEST_NOTE = 2_000;

/**
 * Stores an auditor's verdict on a break-glass access, once and for good. What an UNJUSTIFIED one brings on, the
 * account's suspension, is not done here: oversight has no way into accreditation. `findOwedReviews` names them.
 *
 * @throws SubgraphError when there is no such access, it was reviewed, or the reviewer had a part in it.
 */
export async function reviewOverride(
  sql: Store,
  request: ReviewArguments,
  reviewer: string,
  at: Date,
): Promise<AccessEventRow> {
  const note = readText(request.note, 'note', { shortest: SHORTEST_NOTE, longest: LONGEST_NOTE });
  const index = readIndex(request.index);
  const event = await findEvent(sql, request.origin, index);
  if (event === undefined) throw badArgument('index', 'UNKNOWN', 'There is no such access event');
  if (!event.breakGlass) throw badArgument('index', 'STATE', 'The access was not made with break-glass');
  if (reviewer === event.practitionerId || reviewer === event.onBehalfOf) {
    const message = 'Nobody reviews an access of their own';
    throw new SubgraphError('UNAUTHORIZED_FIELD_OR_TYPE', message, { reason: 'POLICY' });
  }
  const stored = await sql`
    insert into override_review (origin, index, practitioner_id, override_windows, outcome, note, reviewer_id,
      reviewed_at)
    select origin, index, ${event.practitionerId}, override_windows, ${request.outcome}, ${note}, ${reviewer}, ${at}
    from access_event where origin = ${event.origin} and index = ${event.index}::bigint
    on conflict do nothing returning 1`;
  if (stored.length === 0) throw badArgument('index', 'DUPLICATE', 'The access has been reviewed already');
  return event;
}
