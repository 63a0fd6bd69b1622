import type { Facts } from '@contactpoint/access/facts';
import type { PurposeOfUse } from '@contactpoint/access/purpose';
import type { Role } from '@contactpoint/access/role';
import type { FieldVerdict, ReachedSubject, ReleaseGate } from '@contactpoint/executor/hooks';
import { describe, expect, test } from 'vitest';
import { contractSupergraph } from '../testing/contract-supergraph.ts';
import { atBest, decisionsFor, stating } from '../testing/decisions.ts';
import {
  ALLOCATED,
  JOINED,
  NO_RELATIONSHIP,
  principalOf,
  SHIELDED,
  TEAM,
  TEAM_SHIELDED,
} from '../testing/personas.ts';
import { authorizeCoordinates, refusedCoordinates } from './authorize-coordinates.ts';
import { createMergeStep } from './merge.ts';

const supergraph = contractSupergraph();
const reached = (id: string): ReachedSubject => ({ id, type: 'Child', coordinates: [] });

async function gateOf(
  role: Role,
  purpose: PurposeOfUse,
  known: Readonly<Record<string, Facts>>,
  subjects = Object.keys(known).map(reached),
): Promise<ReleaseGate> {
  const principal = principalOf(role);
  const best = atBest(principal, stating(purpose));
  const step = createMergeStep({
    refusals: authorizeCoordinates(
      supergraph,
      [],
      refusedCoordinates(supergraph, { principal, mediator: undefined }),
      best,
    ),
    decisions: decisionsFor(role, purpose, known),
    role,
    onReached: () => {},
  });
  return await step(subjects);
}

function said(verdict: FieldVerdict): unknown {
  return verdict.kind === 'WITHHOLD' ? verdict.error.extensions['reason'] : verdict.kind;
}

describe('createMergeStep', () => {
  test.each<[string, Role, PurposeOfUse, Facts, string, string, string]>([
    ['released in full', 'social-worker', 'S47', ALLOCATED, 'Child.addresses', 'Address.postcode', 'RELEASE'],
    [
      'released as the minimal subset',
      'social-worker',
      'S47',
      TEAM,
      'Child.missedAppointments',
      'MissedAppointment.on',
      'RELEASE',
    ],
    [
      'beyond the minimal subset',
      'social-worker',
      'S47',
      TEAM,
      'Child.conditions',
      'Child.conditions',
      'POLICY',
    ],
    ['shielded', 'social-worker', 'S47', TEAM_SHIELDED, 'Child.addresses', 'Child.addresses', 'SILENT'],
    [
      'shielded, from the one who is allocated',
      'social-worker',
      'S47',
      { ...ALLOCATED, shielded: true },
      'Child.addresses',
      'Child.addresses',
      'RELEASE',
    ],
    [
      'shielded, where the role would not have it anyway',
      'teacher',
      'ED',
      TEAM_SHIELDED,
      'Child.involvements',
      'Child.involvements',
      'POLICY',
    ],
    [
      'sealed',
      'social-worker',
      'S47',
      ALLOCATED,
      'Child.mentalHealthService',
      'Child.mentalHealthService',
      'SILENT',
    ],
    [
      'no relationship',
      'social-worker',
      'S47',
      NO_RELATIONSHIP,
      'Child.addresses',
      'Child.addresses',
      'RELATIONSHIP',
    ],
    [
      'no relationship, the identity',
      'social-worker',
      'S47',
      NO_RELATIONSHIP,
      'Child.familyName',
      'Child.familyName',
      'RELEASE',
    ],
    [
      'another purpose',
      'social-worker',
      'EH',
      ALLOCATED,
      'Child.missedAppointments',
      'MissedAppointment.on',
      'PURPOSE',
    ],
    [
      'a purpose outside the row',
      'social-worker',
      'DC',
      ALLOCATED,
      'Child.familyName',
      'Child.familyName',
      'PURPOSE',
    ],
    [
      'a field nobody classified',
      'social-worker',
      'S47',
      ALLOCATED,
      'Child.unheardOf',
      'Child.unheardOf',
      'POLICY',
    ],
    [
      'a type nobody classified',
      'social-worker',
      'S47',
      ALLOCATED,
      'Child.conditions',
      'constructor.name',
      'POLICY',
    ],
    [
      'reference data below a child',
      'social-worker',
      'S47',
      ALLOCATED,
      'Child.enrolments',
      'School.name',
      'RELEASE',
    ],
  ])('%s', async (_case, role, purpose, facts, subjectField, coordinate, expected) => {
    const gate = await gateOf(role, purpose, { [JOINED]: facts });
    expect(said(gate.field(JOINED, subjectField, coordinate))).toBe(expected);
  });

  test('the sector is that of the field that leads there, not of the type', async () => {
    const gate = await gateOf('general-practitioner', 'DC', { [JOINED]: TEAM });
    expect(said(gate.field(JOINED, 'Child.mentalHealthService', 'Contact.name'))).toBe('RELEASE');
    expect(said(gate.field(JOINED, 'Child.socialCare', 'SocialCare.convictions'))).toBe('SILENT');
  });

  test('what is withheld says so by its code, and not whose it is', async () => {
    const gate = await gateOf('teacher', 'ED', { [JOINED]: TEAM });
    const verdict = gate.field(JOINED, 'Child.conditions', 'Child.conditions');
    expect(verdict).toMatchObject({
      error: { extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'POLICY' } },
    });
    expect(JSON.stringify(verdict)).not.toContain(JOINED);
  });

  test('each child is decided for itself', async () => {
    const gate = await gateOf('social-worker', 'S47', { [JOINED]: TEAM, [SHIELDED]: TEAM_SHIELDED });
    expect(said(gate.field(JOINED, 'Child.addresses', 'Child.addresses'))).toBe('RELEASE');
    expect(said(gate.field(SHIELDED, 'Child.addresses', 'Child.addresses'))).toBe('SILENT');
  });

  test('a child may stand in the answer only where its identity may', async () => {
    const stranger = await gateOf('teacher', 'ED', { [JOINED]: NO_RELATIONSHIP });
    expect(said(stranger.subject(JOINED, 'Child', 'Query.child'))).toBe('RELATIONSHIP');
    const teacher = await gateOf('teacher', 'ED', { [JOINED]: TEAM });
    expect(said(teacher.subject(JOINED, 'Child', 'Query.child'))).toBe('RELEASE');
  });

  test.each<[Role, PurposeOfUse, string, string]>([
    ['teacher', 'ED', 'Query.child', 'RELATIONSHIP'],
    ['teacher', 'ED', 'Query.childByIdentifier', 'RELATIONSHIP'],
    ['teacher', 'ED', 'Query.findChildren', 'RELEASE'],
    ['teacher', 'ED', 'Mutation.endInvolvement', 'RELEASE'],
    ['social-worker', 'S47', 'Query.child', 'RELEASE'],
  ])('nobody there, for a %s (%s) at %s: %s', async (role, purpose, coordinate, expected) => {
    expect(said((await gateOf(role, purpose, {})).absentSubject(coordinate))).toBe(expected);
  });

  test.each<[Role, Role | undefined, string]>([
    ['social-worker', undefined, 'RELEASE'],
    ['social-worker', 'mash-screener', 'RELEASE'],
    ['social-worker', 'teacher', 'RELATIONSHIP'],
    ['teacher', 'social-worker', 'RELATIONSHIP'],
  ])(
    'nobody there, for a %s read for by a %s, who may both search or neither: %s',
    async (role, mediatorRole, expected) => {
      const principal = principalOf(role);
      const readers = { principal, mediator: undefined };
      const best = atBest(principal, stating('S47'));
      const step = createMergeStep({
        refusals: authorizeCoordinates(supergraph, [], refusedCoordinates(supergraph, readers), best),
        ...{ decisions: decisionsFor(role, 'S47', {}), role, mediatorRole, onReached: () => {} },
      });
      expect(said((await step([])).absentSubject('Query.child'))).toBe(expected);
    },
  );

  test('to a role that may not search, nobody and a stranger answer alike', async () => {
    const gate = await gateOf('teacher', 'ED', { [JOINED]: NO_RELATIONSHIP });
    expect(gate.absentSubject('Query.child')).toEqual(gate.subject(JOINED, 'Child', 'Query.child'));
  });

  test('a child that came without being decided about stops the request', async () => {
    await expect(gateOf('social-worker', 'S47', {}, [reached(JOINED)])).rejects.toMatchObject({
      code: 'ACCESS_UNDECIDED',
    });
    const gate = await gateOf('social-worker', 'S47', { [JOINED]: ALLOCATED });
    expect(() => gate.field(SHIELDED, 'Child.familyName', 'Child.familyName')).toThrow('without a decision');
  });

  test('where nothing was to be decided, nothing of a child is released', async () => {
    const step = createMergeStep({
      refusals: authorizeCoordinates(
        supergraph,
        [],
        refusedCoordinates(supergraph, { principal: principalOf('teacher'), mediator: undefined }),
        undefined,
      ),
      decisions: undefined,
      role: 'social-worker',
      onReached: () => {},
    });
    const gate = await step([reached(JOINED)]);
    expect(said(gate.field(JOINED, 'Child.familyName', 'Child.familyName'))).toBe('PURPOSE');
    expect(said(gate.subject(JOINED, 'Child', 'Query.child'))).toBe('PURPOSE');
    expect(said(gate.field(JOINED, 'Child.enrolments', 'School.name'))).toBe('POLICY');
    expect(said(gate.field(undefined, undefined, 'Practitioner.name'))).toBe('RELEASE');
    expect(said(gate.field(undefined, undefined, 'Query.checkpoints'))).toBe('SCOPE');
  });
});
