import { londonDate } from '@contactpoint/access/calendar-date';
import { refusal } from '../access/own-decision.ts';
import type { DirectoryContext } from '../loaders.ts';

/**
 * Identity stewards may shield and unshield any child; a social worker one with whom social care of their own authority
 * has them on record, being allocated or on the team. An involvement that the worker recorded alone gives no such right.
 *
 * What is asked is what the worker knows. The authority that the child lives in is not: a shield hides it, and a right
 * that depended on it would tell it by being refused or not.
 *
 * @param childId The number that survives.
 * @throws SubgraphError UNAUTHORIZED_FIELD_OR_TYPE: SCOPE, or RELATIONSHIP, which does not tell whose child it is.
 */
export async function requireShieldRight(
  { grant, store, clock }: DirectoryContext,
  childId: string,
): Promise<void> {
  if (!grant.scopes.includes('directory:shield')) throw refusal('SCOPE');
  if (grant.role === 'identity-steward') return;
  if (grant.role !== 'social-worker') throw refusal('POLICY');
  const [entitled] = await store`
    select from involvement i
    where i.child_id = any(numbers_of(${childId}))
      and i.practitioner_id = ${grant.sub}
      and i.organisation_id = ${grant.organisation}
      and i.organisation_id like 'LA-___'
      and i.sector = 'SOCIAL_CARE'
      and is_open(i, ${londonDate(clock())}::date)
      and not i.self_recorded
    limit 1`;
  if (entitled === undefined) throw refusal('RELATIONSHIP');
}
