import { isPlainText } from '@contactpoint/access/plain-text';
import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';
import type { DecidedChild } from '../access/own-decision.ts';
import type { DirectoryContext } from '../loaders.ts';
import { decidedAnew, requireKnownChild } from './decided-anew.ts';
import { requireShieldRight } from './shield-right.ts';

interface ShieldArguments {
  readonly id: string;
  readonly reason: string;
}

const SHORTEST_REASON = 10;
const LONGEST_REASON = 500;

/**
 * Puts a shield on the surviving identity; it holds for every number of the child. A child who has one keeps it, and the answer is the same: it says
 * nothing of shields.
 */
export async function shieldChild(
  _root: unknown,
  { id: number, reason }: ShieldArguments,
  context: DirectoryContext,
): Promise<DecidedChild | null> {
  const id = await requireKnownChild(context, number);
  await requireShieldRight(context, id);
  const { grant, store, clock } = context;
  await store`
    insert into shield (child_id, shielded_at, shielded_by, reason)
    values (${id}, ${clock().toISOString()}, ${grant.sub}, ${checkReason(reason)})
    on conflict (child_id) where lifted_at is null do nothing`;
  return await decidedAnew(context, id);
}

/**
 * Lifts the shield, whichever of the child's numbers it was set on: whoever may lift it decides for the child. The row
 * stays as history, with both reasons.
 */
export async function unshieldChild(
  _root: unknown,
  { id: number, reason }: ShieldArguments,
  context: DirectoryContext,
): Promise<DecidedChild | null> {
  const id = await requireKnownChild(context, number);
  await requireShieldRight(context, id);
  const { grant, store, clock } = context;
  await store`
    update shield set lifted_at = ${clock().toISOString()}, lifted_by = ${grant.sub}, lift_reason = ${checkReason(reason)}
    where child_id = any(numbers_of(${id})) and lifted_at is null`;
  return await decidedAnew(context, id);
}

function checkReason(reason: string): string {
  const trimmed = reason.trim();
  if (trimmed.length < SHORTEST_REASON || trimmed.length > LONGEST_REASON) {
    throw badArgument(
      'reason',
      'LENGTH',
      `reason must have ${SHORTEST_REASON} to ${LONGEST_REASON} characters`,
    );
  }
  if (!isPlainText(trimmed))
    throw badArgument('reason', 'CHARACTERS', 'reason has characters that deceive whoever reads it');
  return trimmed;
}
