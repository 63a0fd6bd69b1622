import { SubgraphError } from '@contactpoint/subgraph-kit/subgraph-error';
import {
  type DecidedChild,
  findingFor,
  forgetFinding,
  openDoor,
  requireIdentity,
} from '../access/own-decision.ts';
import type { DirectoryContext } from '../loaders.ts';

/**
 * What every mutation asks first: may the caller know this child at all? Callers who may not search learn nothing about
 * numbers; the others are told that nobody has one.
 *
 * @returns The number under which the child is known now: what a mutation records, it records there.
 * @throws SubgraphError UNAUTHORIZED_FIELD_OR_TYPE or BAD_USER_INPUT.
 */
export async function requireKnownChild(context: DirectoryContext, childId: string): Promise<string> {
  const [{ decision }, row] = await Promise.all([
    findingFor(context, childId),
    context.loaders.childById.load(childId),
  ]);
  requireIdentity(decision);
  if (row === null) throw new SubgraphError('BAD_USER_INPUT', 'No child has this number');
  return row.id;
}

/** The child after a mutation: null where the caller has just given up what let them know it. */
export async function decidedAnew(context: DirectoryContext, childId: string): Promise<DecidedChild | null> {
  forgetFinding(context, childId);
  context.loaders.involvementsByChildId.clear(childId);
  const { decision } = await findingFor(context, childId);
  if (decision.of('DIRECTORY', 'IDENTITY').level !== 'FULL') return null;
  return openDoor(context, childId, decision);
}
