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

/** @returns Null for a number that nobody has, to callers who may know that. */
export async function enter(context: DirectoryContext, childId: string): Promise<DecidedChild | null> {
  const [{ decision }, row] = await Promise.all([
    findingFor(context, childId),
    context.loaders.childById.load(childId),
  ]);
  requireIdentity(decision);
  return row === null ? null : openDoor(context, childId, decision);
}
