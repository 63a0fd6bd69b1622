import { expect, test } from 'vitest';
import { ROLES } from './role.ts';
import { scopesOf } from './scope.ts';

test('each role has the scopes of its work, and most have none', () => {
  expect(
    Object.fromEntries(
      ROLES.map((role) => [role, scopesOf(role)]).filter(([, scopes]) => scopes?.length !== 0),
    ),
  ).toEqual({
    auditor: ['audit:read', 'audit:statement', 'audit:review', 'oversight:figures'],
    'accreditation-officer': ['accreditation:read', 'accreditation:write'],
    administrator: ['accreditation:read', 'oversight:figures', 'registry:approve'],
    publisher: ['registry:publish'],
    'social-worker': ['directory:shield'],
    'identity-steward': ['directory:shield'],
  });
});
