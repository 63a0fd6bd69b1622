import { compareNameLists } from '../matching/name.ts';
import type { IncomingIdentity } from './incoming-identity.ts';
import type { KnownIdentity } from './known-identity.ts';

/**
 * Whether an identity nobody knows may be a shielded child's second one. It errs towards yes: a child quarantined
 * wrongly waits for a steward, one created wrongly stands in the open beside its shield.
 */
export function resembles(incoming: IncomingIdentity, shielded: KnownIdentity): boolean {
  if (!mayBeSame(incoming.sex, shielded.sex)) return false;
  const datesKnown = incoming.dateOfBirth !== null && shielded.dateOfBirth !== null;
  if (datesKnown && incoming.dateOfBirth !== shielded.dateOfBirth) return false;

  const family = compareNameLists(
    incoming.familyName === undefined ? [] : [incoming.familyName],
    shielded.familyName === null ? [] : [shielded.familyName],
  );
  const given = compareNameLists(incoming.givenNames ?? [], shielded.givenNames);
  const [familyAlike, givenAlike] = [alike(family), alike(given)];

  if (!datesKnown) return familyAlike && givenAlike;
  if (family === undefined && given === undefined) {
    return (
      incoming.authority === shielded.localAuthority || shielded.authorities.includes(incoming.authority)
    );
  }
  return familyAlike || givenAlike;
}

function alike(agreement: ReturnType<typeof compareNameLists>): boolean {
  return agreement === 'EXACT' || agreement === 'SIMILAR';
}

function mayBeSame(one: string, other: string): boolean {
  const vague = ['UNKNOWN', 'INDETERMINATE'];
  return one === other || vague.includes(one) || vague.includes(other);
}
