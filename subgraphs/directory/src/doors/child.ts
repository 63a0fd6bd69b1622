import { type DecidedChild, findingFor, openDoor, requireIdentity } from '../access/own-decision.ts';
import type { DirectoryContext } from '../loaders.ts';

/**
 * One child by ContactPoint number. The decision comes before the look-up: whoever may not search gets one answer for
 * an unknown number and for an unrelated child.
 */
export async function child(
  _root: unknown,
  { id }: { readonly id: string },
  context: DirectoryContext,
): Promise<DecidedChild | null> {
  return await enter(context, id);
}

/**
 * A superseded number opens the child's record under the number that survives, to those who may see it there; facts and
 * decision are the same for both, so that others are told what they are told of a number that nobody has.
 *
 * @returns Null for a number that nobody has, to callers who may know that.
 */
export async function enter(context: DirectoryContext, childId: string): Promise<DecidedChild | null> {
  const [{ decision }, row] = await Promise.all([
    findingFor(context, childId),
    context.loaders.childById.load(childId),
  ]);
  requireIdentity(decision);
  if (row === null) return null;
  // Break-glass is for the number that was named.
  const surviving = row.id === childId ? decision : (await findingFor(context, row.id)).decision;
  return openDoor(context, row.id, surviving);
}
