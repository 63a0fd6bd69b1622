import { londonDate } from '@contactpoint/access/calendar-date';
import { maySearch } from '@contactpoint/access/doors';
import { orNull } from '@contactpoint/subgraph-kit/loader';
import { SubgraphError } from '@contactpoint/subgraph-kit/subgraph-error';
import {
  type DecidedChild,
  decideOn,
  findingFor,
  openDoor,
  refusal,
  requireIdentity,
} from '../access/own-decision.ts';
import type { DirectoryContext } from '../loaders.ts';
import { type Candidate, findCandidates } from './candidates.ts';
import { type ChildSearch, checkCriteria, normalisePostcode } from './search-criteria.ts';

/** Candidates at most, whatever `first` says: a search is for one child, not for a list. */
const MOST = 10;

/**
 * Search by name and date of birth. A postcode only filters, and compares addresses that the caller may read of that
 * very child: with anything more, searching would be a way of asking where a child lives.
 *
 * @throws SubgraphError UNAUTHORIZED_FIELD_OR_TYPE for roles that may not search; BAD_USER_INPUT for blank criteria.
 */
export async function findChildren(
  _root: unknown,
  { criteria, first }: { readonly criteria: ChildSearch; readonly first?: number | null },
  context: DirectoryContext,
): Promise<{ candidates: readonly { child: DecidedChild; score: number }[] | null }> {
  if (!maySearch(context.grant.role)) throw refusal('POLICY');
  requireIdentity(decideOn(context));
  const most = Math.min(first ?? MOST, MOST);
  if (most < 1) throw new SubgraphError('BAD_USER_INPUT', 'first must be at least 1');
  const { postcode, ...sought } = checkCriteria(criteria, londonDate(context.clock()));

  const candidates = await findCandidates(context.store, sought);
  const known = await Promise.all(candidates.map((candidate) => mayBeShown(candidate, postcode, context)));
  const shown = candidates.filter((_, place) => known[place]).slice(0, most);
  return {
    candidates: orNull(
      await Promise.all(
        shown.map(async ({ id, score }) => {
          const { decision } = await findingFor(context, id);
          return { child: openDoor(context, id, decision), score };
        }),
      ),
    ),
  };
}

/** Whether a candidate is one the caller may know, and lives where the search says, as far as the caller may know that. */
async function mayBeShown(
  { id }: Candidate,
  postcode: string | undefined,
  context: DirectoryContext,
): Promise<boolean> {
  const { decision, decoy } = await findingFor(context, id);
  if (decision.of('DIRECTORY', 'IDENTITY').level !== 'FULL') return false;
  if (postcode === undefined) return true;
  const { level, apparentLevel } = decision.of('DIRECTORY', 'LOCATION');
  if (apparentLevel !== 'FULL') return false;
  // Where a shield hides the addresses, nobody's are read: that takes as long, and matches nothing.
  const addresses = await context.loaders.addressesByChildId.load(level === 'FULL' ? id : decoy);
  return addresses.some((address) => normalisePostcode(address.postcode ?? '') === postcode);
}
