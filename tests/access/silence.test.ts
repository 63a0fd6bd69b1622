import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { leafOf } from './access-log.ts';
import { journaledUnder, readJournals, requestsUnder } from './agency-journals.ts';
import { BY_IDENTIFIER, FIND } from './operations/doors.ts';
import { VIEW } from './operations/joined-view.ts';
import { BROKERED, PLACES_AND_SERVICES, PLACES_WITHIN, SEALED } from './operations/silence.ts';
import { reasonsOf } from './reasons.ts';

let system: TestSystem;
let directory: postgres.Sql;

beforeAll(async () => {
  system = await startTestSystem();
  directory = postgres(system.databases.directory, { max: 1 });
  await directory`update child set former_names = '{Quillfeather}' where id = ${system.scenarios.sensitive}`;
});
afterAll(async () => {
  await directory?.end();
  await system?.remove();
});

const ask = (persona: string, purpose: string, query: string, id: string) =>
  system.ask(persona, { query, variables: { id }, purpose });

/** Everything that a caller could tell two answers apart by, except that they are two. */
function impression({ status, headers, text }: Answer) {
  const { date: _date, 'access-log': _receipt, ...rest } = headers;
  return { status, headers: rest, text };
}

/** Roles that the shield hides something from, on the team or in need of none. */
const SHIELDED_FROM = [
  ['safeguarding-lead', 'ED'],
  ['teacher', 'ED'],
  ['general-practitioner', 'DC'],
  ['reviewing-officer', 'REV'],
  ['mash-screener', 'S47'],
  ['police-child-abuse', 'S47'],
  ['emergency-clinician', 'EC'],
  ['identity-steward', 'MATCH'],
] as const;

describe('a shielded child', () => {
  test.each(SHIELDED_FROM)('answers %s (%s) like one who has nothing, to the byte', async (role, purpose) => {
    const [shielded, empty, open] = [
      await ask(role, purpose, PLACES_AND_SERVICES, system.scenarios.shielded),
      await ask(role, purpose, PLACES_AND_SERVICES, system.scenarios.empty),
      await ask(role, purpose, PLACES_AND_SERVICES, system.scenarios.joined),
    ];
    expect(Object.values(shielded.body.data.child).every((value) => value === null)).toBe(true);
    expect(impression(shielded)).toEqual(impression(empty));
    expect(open.body.data.child.localAuthority ?? open.body.data.child.nhsNumber).not.toBeNull();
  });

  test.each(SHIELDED_FROM)(
    'makes the same requests for %s (%s), and no agency hears of it',
    async (role, purpose) => {
      const [shielded, empty] = [
        await ask(role, purpose, PLACES_AND_SERVICES, system.scenarios.shielded),
        await ask(role, purpose, PLACES_AND_SERVICES, system.scenarios.empty),
      ];
      const requests = await requestsUnder(system, shielded);
      expect(requests).toEqual(await requestsUnder(system, empty));
      // A teacher may read no place that another agency holds, whoever the child is.
      const elsewhere = role === 'teacher' ? {} : { education: 1, health: 1 };
      expect(requests).toEqual({ directory: 1, ...elsewhere });
      const asked = (await journaledUnder(system, shielded)).filter(
        ({ subgraph }) => subgraph !== 'directory',
      );
      expect(asked.map(({ childId }) => childId)).not.toContain(system.scenarios.shielded);
    },
  );

  test('is asked about by a number that nobody has, a new one each time', async () => {
    for (const _time of [1, 2])
      await ask('general-practitioner', 'DC', PLACES_AND_SERVICES, system.scenarios.shielded);
    const known = await directory<{ id: string }[]>`select id from child`;
    const ids = new Set(known.map(({ id }) => id));
    const health = (await readJournals(system)).filter(({ subgraph }) => subgraph === 'health');
    const decoys = health.flatMap(({ childId }) => (childId === null || ids.has(childId) ? [] : [childId]));
    expect(decoys.length).toBeGreaterThanOrEqual(2);
    expect(new Set(decoys).size).toBe(decoys.length);
  });

  test('is all there for the allocated social worker', async () => {
    const answer = await ask('social-worker', 'S47', PLACES_AND_SERVICES, system.scenarios.shielded);
    expect(answer.body.errors).toBeUndefined();
    const { healthVisitor: _none, ...rest } = answer.body.data.child;
    for (const [field, value] of Object.entries(rest)) expect([field, value]).not.toEqual([field, null]);
  });

  test.each([
    ['general-practitioner', 'DC', ['missedAppointments', 'emergencyAttendances']],
    ['reviewing-officer', 'REV', ['missedAppointments', 'emergencyAttendances']],
    ['safeguarding-lead', 'ED', []],
  ] as const)(
    'hides places within other records from %s (%s) without a word',
    async (role, purpose, open) => {
      const answer = await ask(role, purpose, PLACES_WITHIN, system.scenarios.shielded);
      const { child } = answer.body.data;
      for (const carer of child.parentsAndCarers)
        expect(carer).toEqual({ name: expect.any(String), phone: null });
      expect(child.socialCare).toEqual({
        status: expect.any(String),
        allocatedWorker: null,
        team: null,
        placements: null,
      });
      for (const list of open)
        for (const item of child[list])
          expect(item).toEqual({ on: expect.any(String), [list[0] === 'm' ? 'setting' : 'site']: null });
      const refused = Object.keys(reasonsOf(answer)).filter(
        (path) => !/^child\.(missed|emergency)\w+$/.test(path),
      );
      expect(refused).toEqual([]);
    },
  );

  test('shows in the log what was withheld, and as PARTIAL', async () => {
    const answer = await ask('general-practitioner', 'DC', PLACES_AND_SERVICES, system.scenarios.shielded);
    const { event } = await leafOf(system, answer);
    expect(event.outcome).toBe('PARTIAL');
    expect(event.subjects[0]?.withheld).toEqual(
      expect.arrayContaining(['Child.addresses', 'Child.involvements']),
    );
    expect(event.subjects[0]?.policies).toContain('shield');
  });

  test('is not told from an empty one by an agency that is down', async () => {
    await system.services.get('health')?.stop();
    try {
      const [shielded, empty, open] = [
        await ask('general-practitioner', 'DC', PLACES_AND_SERVICES, system.scenarios.shielded),
        await ask('general-practitioner', 'DC', PLACES_AND_SERVICES, system.scenarios.empty),
        await ask('general-practitioner', 'DC', PLACES_AND_SERVICES, system.scenarios.joined),
      ];
      expect(reasonsOf(shielded)).toEqual({
        'child.registeredPractice': 'SUBGRAPH_UNAVAILABLE',
        'child.healthVisitor': 'SUBGRAPH_UNAVAILABLE',
        'child.schoolNurse': 'SUBGRAPH_UNAVAILABLE',
      });
      expect(impression(shielded)).toEqual(impression(empty));
      expect(open.body.errors).toEqual(shielded.body.errors);
      expect(open.body.data.child).toMatchObject({ localAuthority: '975', registeredPractice: null });
    } finally {
      await system.restart('health');
    }
    const back = await ask('general-practitioner', 'DC', PLACES_AND_SERVICES, system.scenarios.joined);
    expect(back.body.errors).toBeUndefined();
    expect(back.body.data.child.registeredPractice.odsCode).toBe('Z99001');
  });
});

describe('what is sealed', () => {
  test.each([
    ['social-worker', 'S17'],
    ['safeguarding-lead', 'ED'],
    ['teacher', 'ED'],
    ['reviewing-officer', 'REV'],
    ['mash-screener', 'S47'],
    ['police-child-abuse', 'S47'],
    ['emergency-clinician', 'EC'],
    ['identity-steward', 'MATCH'],
  ])('is not there for %s (%s), to the byte', async (role, purpose) => {
    const [sensitive, joined] = [
      await ask(role, purpose, SEALED, system.scenarios.sensitive),
      await ask(role, purpose, SEALED, system.scenarios.joined),
    ];
    expect(sensitive.text).not.toContain('Quillfeather');
    expect(impression(sensitive)).toEqual(impression(joined));
    expect(await requestsUnder(system, sensitive)).toEqual(await requestsUnder(system, joined));
    const said = Object.keys(reasonsOf(sensitive)).filter((path) => path !== 'child.socialCare');
    expect(said).toEqual([]);
  });

  test('is open where the reader’s own service holds it, and nowhere else', async () => {
    const practice = await ask('general-practitioner', 'DC', SEALED, system.scenarios.sensitive);
    expect(practice.body.data.child).toMatchObject({
      formerNames: null,
      mentalHealthService: { organisation: 'CAMHS-01' },
      sexualHealthService: { organisation: 'Brackenshire Sexual Health' },
      socialCare: { assessmentFactors: null, convictions: null, previousPermanence: null },
    });
    expect(practice.body.errors).toBeUndefined();
    const authority = await ask('social-worker', 'S47', SEALED, system.scenarios.sensitive);
    expect(authority.body.data.child).toMatchObject({
      formerNames: null,
      mentalHealthService: null,
      sexualHealthService: null,
      socialCare: { assessmentFactors: expect.any(Array) },
    });
    expect(authority.body.errors).toBeUndefined();
  });

  test.each([
    ['social-worker', 'S47'],
    ['general-practitioner', 'DC'],
    ['reviewing-officer', 'REV'],
    ['safeguarding-lead', 'ED'],
    ['police-child-abuse', 'S47'],
  ])('is a broker’s telephone to %s (%s)', async (role, purpose) => {
    const answer = await ask(role, purpose, BROKERED, system.scenarios.sensitive);
    const { involvements, leadProfessional } = answer.body.data.child;
    const brokered = involvements.filter((each: { brokered: boolean }) => each.brokered);
    expect(brokered.length).toBeGreaterThan(0);
    for (const each of brokered) {
      const { id, phone, brokered: _true, ...hidden } = each;
      expect([typeof id, phone]).toEqual(['string', '01632 960999']);
      expect(Object.values(hidden).every((value) => value === null)).toBe(true);
    }
    expect(leadProfessional).toMatchObject({ brokered: false });
    expect(answer.text).not.toMatch(/CAMHS|Sensitive service/);
  });
});

describe('an adopted child', () => {
  const identityOf = async (id: string) => {
    const [row] = await directory<{ familyName: string; givenName: string; dateOfBirth: string }[]>`
      select family_name as "familyName", given_names[1] as "givenName", date_of_birth::text as "dateOfBirth"
      from child where id = ${id}`;
    return row;
  };
  const find = async (criteria: object) => {
    const answer = await system.ask('mash-screener', {
      query: FIND,
      variables: { criteria },
      purpose: 'S47',
    });
    const candidates = answer.body.data.findChildren.candidates ?? [];
    return candidates.map(({ child }: { child: { id: string } }) => child.id);
  };

  test('is found under each name as the one and never as the other', async () => {
    const [before, after] = system.scenarios.adopted;
    await directory`update child set former_names = array[(select family_name from child where id = ${before})]
      where id = ${after}`;
    const [earlier, later] = [await identityOf(before), await identityOf(after)];
    expect(earlier?.dateOfBirth).toBe(later?.dateOfBirth);
    const [foundEarlier, foundLater] = [await find({ ...earlier }), await find({ ...later })];
    expect(foundEarlier).toContain(before);
    expect(foundEarlier).not.toContain(after);
    expect(foundLater).toContain(after);
    expect(foundLater).not.toContain(before);
    expect(await find({ ...later, familyName: 'Quillfeather' })).toEqual([]);
  });

  test.each([
    ['mash-screener', 'S47'],
    ['identity-steward', 'MATCH'],
    ['police-child-abuse', 'S47'],
    ['emergency-clinician', 'EC'],
  ])('has nothing in one view that leads %s (%s) to the other', async (role, purpose) => {
    const [before, after] = system.scenarios.adopted;
    const [one, other] = [await ask(role, purpose, VIEW, before), await ask(role, purpose, VIEW, after)];
    const traces = async (id: string) => {
      const rows = await directory<{ trace: string }[]>`
        select value as trace from identifier where child_id = ${id}
        union all select line1 from address where child_id = ${id}
        union all select uprn from address where child_id = ${id}
        union all select name from carer where child_id = ${id}
        union all select family_name from child where id = ${id}
        union all select id from involvement where child_id = ${id}`;
      return [id, ...rows.map(({ trace }) => trace)];
    };
    expect(one.body.data.child.id).toBe(before);
    for (const trace of await traces(after))
      expect([trace, one.text.includes(trace)]).toEqual([trace, false]);
    for (const trace of await traces(before))
      expect([trace, other.text.includes(trace)]).toEqual([trace, false]);
  });

  test('keeps the numbers of the two apart', async () => {
    for (const id of system.scenarios.adopted) {
      const numbers = await directory<{ system: string; value: string }[]>`
        select system, value from identifier where child_id = ${id} and system in ('NHS_NUMBER', 'UPN')`;
      expect(numbers.length).toBeGreaterThan(0);
      for (const variables of numbers) {
        const answer = await system.ask('identity-steward', {
          query: BY_IDENTIFIER,
          variables,
          purpose: 'MATCH',
        });
        expect(answer.body.data.childByIdentifier.id).toBe(id);
      }
    }
  });
});
