import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { BY_IDENTIFIER, CASELOAD } from './operations/doors.ts';
import { reasonsOf } from './reasons.ts';

/** What a caller does on purpose to find out whether a child without a place is shielded. */

let system: TestSystem;
let directory: postgres.Sql;

beforeAll(async () => {
  system = await startTestSystem();
  directory = postgres(system.databases.directory, { max: 1 });
});
afterAll(async () => {
  await directory?.end();
  await system?.remove();
});

const REASON = 'Threat to life, strategy meeting';
const today = () => new Date().toISOString().slice(0, 10);

/** The answer's bytes without what names the child: number, names, ids of rows. */
function shapeOf(answer: Answer, id: string): string {
  return answer.text
    .replaceAll(id, 'NUMBER')
    .replaceAll(/"id":"[0-9a-f-]{36}"/g, '"id":"ROW"')
    .replaceAll(/"(familyName|cursor)":"[^"]*"/g, '"$1":""');
}

describe('recording an involvement of one’s own', () => {
  const RECORD = `mutation ($input: RecordInvolvementInput!) {
    recordInvolvement(input: $input) {
      id familyName localAuthority nhsNumber addresses { town }
      involvements { id service } leadProfessional { id } ownInvolvements { id service } } }`;

  // What one caller records is listed to all others.
  afterEach(async () => {
    const { shielded, empty } = system.scenarios;
    const probes = await directory<{ id: string }[]>`
      select id from involvement where child_id in (${shielded}, ${empty}) and self_recorded`;
    const ids = probes.map(({ id }) => id);
    await directory`delete from privacy_alert where involvement_id = any(${ids})`;
    await directory`delete from involvement where id = any(${ids})`;
  });

  test.each([
    ['general-practitioner', 'DC'],
    ['safeguarding-lead', 'ED'],
    ['mash-screener', 'S47'],
    ['police-child-abuse', 'S47'],
  ])('tells %s (%s) nothing of a shield', async (persona, purpose) => {
    const { shielded, empty } = system.scenarios;
    const answers = await Promise.all(
      [shielded, empty].map(async (childId) => {
        const input = { childId, service: 'Probe', from: today(), isLead: true };
        const answer = await system.ask(persona, { query: RECORD, variables: { input }, purpose });
        expect(answer.body.errors).toBeUndefined();
        return shapeOf(answer, childId);
      }),
    );
    expect(answers[0]).toContain('"service":"Probe"');
    expect(answers[0]).toBe(answers[1]);

    const caseload = await system.ask(persona, { query: CASELOAD, variables: { first: 50 }, purpose });
    const mine = new Map<string, { involvements: unknown; localAuthority: unknown }>(
      caseload.body.data.myCaseload.children.map((child: { id: string }) => [child.id, child]),
    );
    for (const id of [shielded, empty])
      expect(mine.get(id)).toMatchObject({ involvements: null, localAuthority: null });
  });

  test('nor does an entry of theirs that is listed', async () => {
    const { shielded, empty } = system.scenarios;
    await directory`
      update involvement set unlisted = false
      where child_id = ${empty} and practitioner_id = 'p-reviewing-officer'`;
    const query = 'query ($id: ID!) { child(id: $id) { involvements { id } leadProfessional { id } } }';
    const ask = async (id: string) =>
      (await system.ask('reviewing-officer', { query, variables: { id }, purpose: 'REV' })).text;
    const team = await directory<{ practitioner: string }[]>`
      select practitioner_id as practitioner from involvement where child_id = ${empty} and not unlisted`;
    expect(team.map(({ practitioner }) => practitioner)).toContain('p-reviewing-officer');
    expect(await ask(empty)).toBe(await ask(shielded));
  });
});

describe('trying to shield', () => {
  test('is refused alike wherever a child lives, on an involvement of one’s own', async () => {
    const query = `mutation ($id: ID!) { shieldChild(id: $id, reason: "${REASON}") { id } }`;
    const { shielded, empty } = system.scenarios;
    const worker = 'social-worker';
    await directory`update involvement set allocated = false, self_recorded = true
      where practitioner_id = 'p-social-worker' and child_id in (${shielded}, ${empty})`;
    try {
      const answers = [];
      for (const id of [shielded, empty]) {
        const answer = await system.ask(worker, { query, variables: { id }, purpose: 'S47' });
        expect(reasonsOf(answer)).toEqual({ shieldChild: 'RELATIONSHIP' });
        answers.push(shapeOf(answer, id));
      }
      expect(answers[0]).toBe(answers[1]);
    } finally {
      await directory`update involvement set self_recorded = false, allocated = true
        where practitioner_id = 'p-social-worker' and child_id in (${shielded}, ${empty})`;
    }
  });
});

describe('looking up a number', () => {
  test.each([
    ['mash-screener', 'S47', 'LOCAL_AUTHORITY_CHILD_ID'],
    ['mash-screener', 'S47', 'NHS_NUMBER'],
    ['general-practitioner', 'DC', 'NHS_NUMBER'],
    ['emergency-clinician', 'EC', 'NHS_NUMBER'],
    ['police-child-abuse', 'S47', 'NHS_NUMBER'],
  ])('finds %s (%s) no shielded child by %s, and every other', async (persona, purpose, kind) => {
    const numberOf = async (child: string) => {
      const [row] = await directory<{ value: string }[]>`
        select value from identifier where child_id = ${child} and system = ${kind}
          and authority in ('', '975')`;
      return row?.value ?? 'none';
    };
    const look = async (value: string) =>
      (await system.ask(persona, { query: BY_IDENTIFIER, variables: { system: kind, value }, purpose })).body;
    const { shielded, joined } = system.scenarios;
    expect((await look(await numberOf(joined))).data.childByIdentifier?.id).toBe(joined);
    expect(await numberOf(shielded)).not.toBe('none');
    const hidden = await look(await numberOf(shielded));
    expect(hidden).toEqual({ data: { childByIdentifier: null } });
    expect(hidden).toEqual(await look(kind === 'NHS_NUMBER' ? '9434765870' : 'nobody'));
  });
});
