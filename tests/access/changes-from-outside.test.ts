import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { PLACE } from './operations/doors.ts';
import { reasonsOf } from './reasons.ts';

/** What a change may take to be felt, milliseconds, and the time of the request that feels it. */
const WITHIN = { timeout: 1_200, interval: 25 };

let system: TestSystem;
let directory: postgres.Sql;
let accreditation: postgres.Sql;

beforeAll(async () => {
  system = await startTestSystem();
  directory = postgres(system.databases.directory, { max: 1 });
  accreditation = postgres(system.databases.accreditation, { max: 1 });
});
afterAll(async () => {
  await Promise.all([directory?.end(), accreditation?.end()]);
  await system?.remove();
});

const place = (persona: string, purpose: string) =>
  system.ask(persona, { query: PLACE, variables: { id: system.scenarios.joined }, purpose });

/**
 * An import, another gateway, a restore: what an agency stores without this gateway having asked for it. Looked at is
 * what health holds: the directory has its own facts before its eyes, and needs nobody to forget anything.
 */
describe('a change that came another way is felt within a second', () => {
  test('a shield', async () => {
    const { joined } = system.scenarios;
    const seen = async () => (await place('general-practitioner', 'DC')).body.data.child.registeredPractice;
    const practice = { odsCode: 'Z99001' };
    expect(await seen()).toEqual(practice);
    await directory`
      insert into shield (child_id, shielded_at, shielded_by, reason) values (${joined}, now(), 'import', 'imported')`;
    await expect.poll(seen, WITHIN).toBeNull();
    await directory`update shield set lifted_at = now(), lifted_by = 'import', lift_reason = 'imported'
      where child_id = ${joined}`;
    await expect.poll(seen, WITHIN).toEqual(practice);
  });

  test('the end of a relationship', async () => {
    const seen = async () => reasonsOf(await place('general-practitioner', 'DC'));
    expect(await seen()).toEqual({});
    await directory`update involvement set ended_at = now()
      where child_id = ${system.scenarios.joined} and practitioner_id = 'p-general-practitioner'`;
    await expect.poll(seen, WITHIN).toMatchObject({ 'child.registeredPractice': 'RELATIONSHIP' });
  });

  test.each([
    [
      'a suspension',
      'teacher',
      'ED',
      'SUSPENDED',
      () => accreditation`update practitioner set suspended_at = now() where id = 'p-teacher'`,
    ],
    [
      'training that has lapsed',
      'safeguarding-lead',
      'ED',
      'TRAINING',
      () =>
        accreditation`update practitioner set training_passed_on = '2020-01-01' where id = 'p-safeguarding-lead'`,
    ],
    [
      'an organisation that is out of service',
      'emergency-clinician',
      'EC',
      'ORGANISATION',
      () => accreditation`update organisation set stage = 'SUSPENDED' where id = 'TRUST-01'`,
    ],
  ])('%s of %s', async (_case, persona, purpose, requirement, change) => {
    expect((await place(persona, purpose)).status).toBe(200);
    await change();
    const refused = async () => (await place(persona, purpose)).body.errors?.[0]?.extensions;
    await expect.poll(refused, WITHIN).toEqual({ code: 'ACCREDITATION_LAPSED', requirement });
  });
});
