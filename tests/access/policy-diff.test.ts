import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type ChangedPolicies, changedPolicies } from '@contactpoint/access/replay/testing/changed-policies';
import type { PolicyDiff } from '@contactpoint/scripts/policy/diff';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { leafOf, receiptOf } from './access-log.ts';
import { VIEW } from './operations/joined-view.ts';

const COMMAND = fileURLToPath(import.meta.resolve('@contactpoint/scripts/policy'));

let system: TestSystem;
let socialWorkers: Answer;
let teachers: Answer;
let strangers: Answer;
const folders: ChangedPolicies[] = [];

beforeAll(async () => {
  system = await startTestSystem();
  const { joined, unrelated } = system.scenarios;
  socialWorkers = await system.ask('social-worker', {
    query: VIEW,
    variables: { id: joined },
    purpose: 'S47',
  });
  teachers = await system.ask('teacher', { query: VIEW, variables: { id: joined }, purpose: 'ED' });
  strangers = await system.ask('social-worker', {
    query: VIEW,
    variables: { id: unrelated },
    purpose: 'S47',
  });
  for (const { status, body } of [socialWorkers, teachers, strangers])
    expect([status, body.data?.child?.id]).toEqual([200, expect.any(String)]);
});
afterAll(async () => {
  await system?.remove();
  for (const { remove } of folders) remove();
});

async function diff(changes: Readonly<Record<string, string | undefined>> | undefined) {
  const changed = changes === undefined ? undefined : changedPolicies(changes);
  if (changed !== undefined) folders.push(changed);
  const args = [
    COMMAND,
    'diff',
    'current',
    changed?.folder.pathname ?? 'current',
    '--data',
    system.data,
    '--json',
  ];
  return await new Promise<{ code: unknown; found: PolicyDiff; stderr: string }>((ended) => {
    execFile(process.execPath, args, (error, stdout, stderr) =>
      ended({ code: error === null ? 0 : error.code, found: JSON.parse(stdout), stderr }),
    );
  });
}

const receipt = (answer: Answer) => `${receiptOf(answer).origin} ${receiptOf(answer).index}`;

describe('replaying what was asked of a running system', () => {
  test('against the set that decided it changes nothing, and explains every decision', async () => {
    expect(await diff(undefined)).toMatchObject({
      code: 0,
      found: {
        decisions: 3,
        changed: 0,
        groups: [],
        reservations: {
          otherPolicySets: {},
          otherSupergraphs: {},
          unknownCoordinates: {},
          unexplained: 0,
          refused: 0,
          mediated: 0,
          incomplete: 0,
          unreadable: 0,
        },
      },
      stderr: '',
    });
  });

  test('without the permit for health’s minimal subset lists what the social worker would lose, and nobody else', async () => {
    const { code, found } = await diff({ 'social-worker-s47-minimal': undefined });
    expect({ code, changed: found.changed }).toEqual({ code: 1, changed: 1 });
    const { event } = await leafOf(system, socialWorkers);
    const lost = [
      'Child.emergencyAttendances',
      'Child.initialHealthAssessmentDue',
      'Child.missedAppointments',
      'EmergencyAttendance.on',
      'EmergencyAttendance.site',
      'MissedAppointment.on',
      'MissedAppointment.setting',
    ].filter((coordinate) => event.subjects[0]?.released.includes(coordinate));
    expect(lost.length).toBeGreaterThan(4);
    expect(found.groups.map(({ coordinate }) => coordinate).sort()).toEqual(lost);
    for (const group of found.groups)
      expect(group).toMatchObject({
        role: 'social-worker',
        purpose: 'S47',
        sector: 'HEALTH',
        effect: 'CLOSES',
        would: 1,
        could: 0,
        oldPolicies: expect.arrayContaining(['social-worker-s47-minimal']),
        examples: [receipt(socialWorkers)],
      });
  });

  test('with more for teachers lists what would open, for the teacher alone', async () => {
    const { code, found } = await diff({
      'teacher-ed-involvement': `@id("teacher-ed-involvement")
        permit (principal, action in Action::"read", resource) when {
          principal.role == Role::"teacher" && context.purpose == Purpose::"ED" &&
          resource.class == Class::"INVOLVEMENT" };`,
    });
    expect(code).toBe(1);
    const opened = found.groups.filter(({ coordinate }) => coordinate === 'Child.involvements');
    expect(opened).toMatchObject([
      {
        role: 'teacher',
        class: 'INVOLVEMENT',
        effect: 'OPENS',
        would: 1,
        could: 0,
        examples: [receipt(teachers)],
      },
    ]);
    expect(found.groups.every(({ role }) => role === 'teacher')).toBe(true);
  });

  test('with relationships that nobody needs lists what the stranger would see', async () => {
    const { found } = await diff({ 'relationship-required': undefined });
    const postcode = found.groups.filter(({ coordinate }) => coordinate === 'Address.postcode');
    expect(postcode).toMatchObject([
      { role: 'social-worker', effect: 'OPENS', would: 1, could: 0, examples: [receipt(strangers)] },
    ]);
  });

  test('with a shield that spares nobody says what depends on facts that the log does not hold', async () => {
    const { found } = await diff({
      shield: `@id("shield") forbid (principal, action, resource) when {
        context.shielded && resource.class in [Class::"LOCATION", Class::"INVOLVEMENT"] };`,
    });
    const postcode = found.groups.filter(({ coordinate }) => coordinate === 'Address.postcode');
    expect(postcode).toMatchObject([
      { role: 'social-worker', effect: 'CLOSES', would: 0, could: 1, examples: [receipt(socialWorkers)] },
    ]);
  });
});
