import type { Decision } from '@contactpoint/access/decision';
import { type IdentifierSystem, mayLookUp } from '@contactpoint/access/doors';
import { decoyNumber } from '@contactpoint/access/subject-number';
import { isNhsNumber } from '@contactpoint/contract/nhs-number';
import { normaliseNumber } from '@contactpoint/contract/normalise-number';
import { isUpn } from '@contactpoint/contract/upn';
import { type DecidedChild, decideOn, findingFor, refusal, requireIdentity } from '../access/own-decision.ts';
import { isReleased } from '../access/released.ts';
import type { DirectoryContext } from '../loaders.ts';
import type { Statements } from '../statements.ts';
import { enter } from './child.ts';

/**
 * One child by another body's number. Who may use which numbers is decided before anything is looked up; a number that
 * is not even valid answers as one that nobody has, and so does one that a shield hides from the caller: what may not be
 * read of a child may not be confirmed by finding it.
 *
 * @throws SubgraphError UNAUTHORIZED_FIELD_OR_TYPE, reason POLICY, for a system that the role may not use.
 */
export async function childByIdentifier(
  _root: unknown,
  { system, value }: { readonly system: IdentifierSystem; readonly value: string },
  context: DirectoryContext,
): Promise<DecidedChild | null> {
  const { role, organisation } = context.grant;
  if (!mayLookUp(role, system)) throw refusal('POLICY');
  const authority = system === 'LOCAL_AUTHORITY_CHILD_ID' ? ownAuthority(organisation) : '';

  const childId = await findByNumber(context.store, system, authority, typedNumber(system, value));
  // Nobody's facts are looked up where nobody was found: that takes as long as to find somebody who is hidden.
  const { facts, decision } = await findingFor(context, childId ?? decoyNumber());
  if (childId !== undefined && !(facts.shielded && isHidden(decision, system))) {
    return await enter(context, childId);
  }
  requireIdentity(decideOn(context));
  return null;
}

/** Whether the number of a shielded child tells what the caller may not read of it. A UPN, which names a school, always does. */
function isHidden(decision: Decision, system: IdentifierSystem): boolean {
  if (system === 'CONTACTPOINT') return false;
  if (system === 'UPN') return true;
  return !isReleased(decision, system === 'NHS_NUMBER' ? 'Child.nhsNumber' : 'Child.localAuthority');
}

/** `975` of `LA-975`: a local authority's child ids mean something within it only. */
function ownAuthority(organisationId: string): string {
  const authority = /^LA-(\d{3})$/.exec(organisationId)?.[1];
  if (authority === undefined) throw refusal('POLICY');
  return authority;
}

/** A local authority's own format is left as it is but for its ends. */
function typedNumber(system: IdentifierSystem, value: string): string {
  return system === 'LOCAL_AUTHORITY_CHILD_ID' ? value.trim() : normaliseNumber(value);
}

async function findByNumber(
  sql: Statements,
  system: IdentifierSystem,
  authority: string,
  value: string,
): Promise<string | undefined> {
  if (system === 'CONTACTPOINT') return value;
  if (system === 'NHS_NUMBER' && !isNhsNumber(value)) return undefined;
  if (system === 'UPN' && !isUpn(value)) return undefined;
  const [found] = await sql<{ childId: string }[]>`
    select child_id as "childId" from identifier
    where system = ${system} and authority = ${authority} and value = ${value}`;
  return found?.childId;
}
