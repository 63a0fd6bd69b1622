import type { Facts } from '@contactpoint/access/facts';
import { PURPOSES, type PurposeOfUse } from '@contactpoint/access/purpose';
import { ROLES } from '@contactpoint/access/role';
import fc from 'fast-check';
import type { Caller } from './caller.ts';
import { purposesOf } from './oracle/matrix.ts';
import { CHILDREN } from './world.ts';

const SCOPES = ['memo:a', 'memo:b', 'memo:c', 'code', 'notices', 'rename', 'marks', 'boxing', 'authors'];

const randomFacts: fc.Arbitrary<Facts> = fc.record({
  relationship: fc.constantFrom('ALLOCATED', 'TEAM', 'TEAM', 'NONE'),
  shielded: fc.boolean(),
  ownRecord: fc.boolean(),
});

/** Callers of every role, most of them for a purpose that their role has, and with any scopes. */
export const randomCaller: fc.Arbitrary<Caller> = fc.constantFrom(...ROLES).chain((role) => {
  const own = purposesOf(role);
  const any = fc.constantFrom(...(Object.keys(PURPOSES) as PurposeOfUse[]));
  return fc.record({
    practitionerId: fc.constant('p-1'),
    role: fc.constant(role),
    purpose: own.length === 0 ? any : fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...own) }, any),
    scopes: fc.oneof(fc.subarray(SCOPES), fc.constant(SCOPES)),
    opened: fc.subarray([...CHILDREN]),
    facts: fc.record(Object.fromEntries(CHILDREN.map((child) => [child, randomFacts]))),
  });
});
