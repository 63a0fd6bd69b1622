import { londonDate } from '@contactpoint/access/calendar-date';
import { refusal } from '../access/own-decision.ts';
import type { DirectoryContext } from '../loaders.ts';

/**
 * Identity stewards may shield and unshield any child; a social worker one of their own authority, being allocated or on
 * the social care team. An involvement that the worker recorded alone is enough to protect, but not to expose: nothing
 * that a caller can do by itself lifts a shield.
 *
 * @param childId The number that survives.
 * @throws SubgraphError UNAUTHORIZED_FIELD_OR_TYPE: SCOPE, or RELATIONSHIP, which does not tell whose child it is.
 */
export async function requireShieldRight(
  { grant, store, clock }: DirectoryContext,
  childId: string,
  step: 'SHIELD' | 'UNSHIELD',
): Promise<void> {
  if (!grant.scopes.includes('directory:shield')) throw refusal('SCOPE');
  if (grant.role === 'identity-steward') return;
  if (grant.role !== 'social-worker') throw refusal('POLICY');
  const [entitled] = await store`
    select from involvement i
    join child on child.id = ${childId}
    where i.child_id = any(numbers_of(${childId}))
      and i.practitioner_id = ${grant.sub}
      and i.organisation_id = ${grant.organisation}
      and i.organisation_id = 'LA-' || child.local_authority
      and i.sector = 'SOCIAL_CARE'
      and is_open(i, ${londonDate(clock())}::date)
      and (not i.self_recorded or ${step === 'SHIELD'})
    limit 1`;
  if (entitled === undefined) throw refusal('RELATIONSHIP');
}
