import { isCalendarDate, londonDate } from '@contactpoint/access/calendar-date';
import { SubgraphError } from '@contactpoint/subgraph-kit/subgraph-error';
import type { DecidedChild } from '../access/own-decision.ts';
import type { DirectoryContext } from '../loaders.ts';
import { decidedAnew, requireKnownChild } from './decided-anew.ts';

/**
 * Ends the caller's own open involvement. Ended today or earlier, the relationship is gone at once. The end can be
 * brought forward and never put off: a relationship that lasts longer has to be recorded anew, which raises an alert.
 */
export async function endInvolvement(
  _root: unknown,
  {
    childId: number,
    id,
    endedOn,
  }: { readonly childId: string; readonly id: string; readonly endedOn: string },
  context: DirectoryContext,
): Promise<DecidedChild | null> {
  const childId = await requireKnownChild(context, number);
  if (!isCalendarDate(endedOn)) throw new SubgraphError('BAD_USER_INPUT', 'endedOn is no day');

  const { grant, store, clock } = context;
  const today = londonDate(clock());
  const [ended] = await store`
    update involvement
    set involved_to = ${endedOn}::date,
      ended_at = ${endedOn <= today ? clock().toISOString() : null}::timestamptz
    where id = ${id} and child_id = any(numbers_of(${childId})) and practitioner_id = ${grant.sub}
      and is_open(involvement, ${today}::date)
      and involved_from <= ${endedOn}::date and (involved_to is null or involved_to >= ${endedOn}::date)
    returning id`;
  if (ended === undefined) {
    throw new SubgraphError('BAD_USER_INPUT', 'You have no such involvement that can end on this day');
  }
  return await decidedAnew(context, childId);
}
