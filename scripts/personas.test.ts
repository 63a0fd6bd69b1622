import { unmetRequirement } from '@contactpoint/access/accreditation';
import { ROLE_SECTORS, ROLES } from '@contactpoint/access/role';
import { mayEmploy } from '@contactpoint/accreditation/employment';
import { describe, expect, test } from 'vitest';
import { accreditationOfPersonas, PERSONAS, practitionerIdOf } from './personas.ts';

describe.each([
  ['a winter’s morning', '2026-01-01T00:10:00Z'],
  ['a leap day', '2028-02-29T23:50:00Z'],
])('on %s', (_case, moment) => {
  const now = new Date(moment);
  const { organisations, practitioners } = accreditationOfPersonas(now);

  test.each(PERSONAS.map((persona) => [persona.name, persona] as const))('%s', (name, persona) => {
    const account = practitioners.find(({ id }) => id === practitionerIdOf(name));
    const organisation = organisations.find(({ id }) => id === persona.organisationId);
    if (account === undefined || organisation === undefined) throw new Error('the persona has no account');
    const requirement = unmetRequirement(
      {
        ...account,
        practitionerId: account.id,
        sector: ROLE_SECTORS[account.role],
        organisationStage: organisation.stage,
        scopes: [],
        suspended: account.suspendedAt !== null,
        activeSince: account.lastUsedAt ?? account.grantedAt,
      },
      now,
    );
    expect(requirement).toBe(persona.fails);
    expect(mayEmploy(organisation.sector, persona.role)).toBe(true);
  });
});

test('there is a persona for every role, and no two are one person', () => {
  expect(new Set(PERSONAS.map(({ role }) => role))).toEqual(new Set(ROLES));
  expect(new Set(PERSONAS.map(({ name }) => name)).size).toBe(PERSONAS.length);
  const { practitioners } = accreditationOfPersonas(new Date());
  expect(new Set(practitioners.map(({ vettingCertificate }) => vettingCertificate)).size).toBe(
    PERSONAS.length,
  );
});
