import { contactPointNumber } from '@contactpoint/contract/contactpoint-number';
import type { DroppedIdentifier, IncomingIdentity, RegistrationResult } from './incoming-identity.ts';
import { identifierKey, type Known, type KnownIdentity } from './known-identity.ts';
import { resembles } from './resemblance.ts';

/** What is to be written, and what each incoming identity is told. */
export interface RegistrationPlan {
  readonly created: readonly KnownIdentity[];
  readonly updated: readonly KnownIdentity[];
  readonly identifiers: readonly NewIdentifier[];
  readonly results: RegistrationResult[];
}

export interface NewIdentifier {
  readonly system: string;
  readonly authority: string;
  readonly value: string;
  readonly childId: string;
}

/**
 * Decides row by row, in memory: a later row sees what an earlier one of the same import did, as if each had been
 * written before the next was read.
 */
export function planRegistration(
  incoming: readonly IncomingIdentity[],
  known: Known,
  random: (bytes: number) => Uint8Array,
): RegistrationPlan {
  const identities = new Map(known.identities);
  const owners = new Map(known.owners);
  const shielded = [...identities.values()].filter((identity) => identity.shielded);
  const created = new Map<string, KnownIdentity>();
  const updated = new Map<string, KnownIdentity>();
  const identifiers: NewIdentifier[] = [];

  const own = (system: string, authority: string, value: string, childId: string) => {
    owners.set(identifierKey(system, authority, value), childId);
    identifiers.push({ system, authority, value, childId });
  };

  /** @returns Whether the number is new, the child's already, or another's. */
  const claim = (system: 'UPN' | 'NHS_NUMBER', value: string, childId: string) => {
    const owner = owners.get(identifierKey(system, '', value));
    if (owner !== undefined) return owner === childId ? 'KNOWN' : 'IN_USE';
    own(system, '', value, childId);
    return 'NEW';
  };

  const belongsToShielded = (system: string, value: string | undefined) => {
    const owner = value === undefined ? undefined : owners.get(identifierKey(system, '', value));
    return owner !== undefined && identities.get(owner)?.shielded === true;
  };

  const register = (identity: IncomingIdentity): RegistrationResult => {
    const { ref, authority, localId } = identity;
    const childId = owners.get(identifierKey('LOCAL_AUTHORITY_CHILD_ID', authority, localId));
    const match = childId === undefined ? undefined : identities.get(childId);

    if (match === undefined) {
      const suspicious =
        belongsToShielded('UPN', identity.upn) ||
        belongsToShielded('NHS_NUMBER', identity.nhsNumber) ||
        shielded.some((child) => resembles(identity, child));
      if (suspicious) return { ref, outcome: 'resembles-shielded', dropped: [] };
    } else if (contradicts(identity, match)) {
      return { ref, outcome: 'contradiction', dropped: [] };
    }

    const child = match ?? newIdentity(contactPointNumber(random(10)), identity);
    if (match === undefined) {
      identities.set(child.id, child);
      created.set(child.id, child);
      own('LOCAL_AUTHORITY_CHILD_ID', authority, localId, child.id);
    }
    const changed = match !== undefined && absorb(match, identity);
    if (changed && !created.has(child.id)) updated.set(child.id, child);

    const dropped: DroppedIdentifier[] = [];
    let numbered = false;
    for (const [system, value] of [
      ['UPN', identity.upn],
      ['NHS_NUMBER', identity.nhsNumber],
    ] as const) {
      if (value === undefined) continue;
      const claimed = claim(system, value, child.id);
      if (claimed === 'IN_USE') dropped.push(`${system}_IN_USE`);
      if (claimed === 'NEW') numbered = true;
    }
    const outcome = match === undefined ? 'created' : changed || numbered ? 'updated' : 'unchanged';
    return { ref, outcome, childId: child.id, dropped };
  };

  const results = incoming.map(register);
  return { created: [...created.values()], updated: [...updated.values()], identifiers, results };
}

function contradicts(incoming: IncomingIdentity, known: KnownIdentity): boolean {
  return (
    incoming.dateOfBirth !== null && known.dateOfBirth !== null && incoming.dateOfBirth !== known.dateOfBirth
  );
}

function newIdentity(id: string, incoming: IncomingIdentity): KnownIdentity {
  return {
    id,
    givenNames: incoming.givenNames ?? [],
    familyName: incoming.familyName ?? null,
    dateOfBirth: incoming.dateOfBirth,
    sex: incoming.sex,
    ethnicity: incoming.ethnicity ?? null,
    localAuthority: incoming.authority,
    authorities: [incoming.authority],
    shielded: false,
  };
}

/**
 * Takes over what the source says and the directory did not know or knew otherwise. A source that is silent about
 * something takes nothing away: SSDA903 has no names at all.
 */
function absorb(known: KnownIdentity, incoming: IncomingIdentity): boolean {
  const before = JSON.stringify(known);
  if (incoming.givenNames !== undefined && incoming.givenNames.length > 0)
    known.givenNames = incoming.givenNames;
  known.familyName = incoming.familyName ?? known.familyName;
  known.dateOfBirth = known.dateOfBirth ?? incoming.dateOfBirth;
  if (incoming.sex !== 'UNKNOWN') known.sex = incoming.sex;
  known.ethnicity = incoming.ethnicity ?? known.ethnicity;
  known.localAuthority = known.localAuthority ?? incoming.authority;
  return JSON.stringify(known) !== before;
}
