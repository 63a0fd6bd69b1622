import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { auditedEvent } from './access-log.ts';
import { VIEW } from './operations/joined-view.ts';
import { codeOf } from './reasons.ts';

const QUESTION = /* GraphQL */ `
  query FieldAccess($purpose: String!) {
    __fieldAccess(purpose: $purpose) {
      coordinate
      sensitivity
      agencies
      readings { sector reading needs purposes }
    }
  }
`;

interface FieldAccess {
  readonly coordinate: string;
  readonly sensitivity: string;
  readonly agencies: readonly string[];
  readonly readings: readonly {
    readonly sector: string;
    readonly reading: 'FULL' | 'MINIMAL' | 'BREAK_GLASS' | 'NONE';
    readonly needs: readonly string[];
    readonly purposes: readonly string[];
  }[];
}

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(async () => {
  await system?.remove();
});

async function toldTo(persona: string, purpose: string): Promise<ReadonlyMap<string, FieldAccess>> {
  const { body } = await system.ask(persona, { query: QUESTION, variables: { purpose } });
  expect(body.errors).toBeUndefined();
  const fields = body.data.__fieldAccess as readonly FieldAccess[];
  return new Map(fields.map((field) => [field.coordinate, field]));
}

/** Below these the same type may stand under fields of several agencies; a child's own fields stand in one place. */
const isOfChild = (coordinate: string) => /^(Child|SocialCare)\./.test(coordinate);

/** Personas without a relationship to the joined child who see something of it all the same. */
const UNRELATED: ReadonlySet<string> = new Set(['education-welfare-officer', 'school-nurse']);

describe('what a caller is told of the joined child’s fields is what is decided of them', () => {
  test.each([
    ['social-worker', 'S47'],
    ['social-worker', 'S17'],
    ['social-worker', 'EH'],
    ['social-worker', 'REV'],
    ['mash-screener', 'S47'],
    ['safeguarding-lead', 'ED'],
    ['teacher', 'ED'],
    ['education-welfare-officer', 'CME'],
    ['emergency-clinician', 'EC'],
    ['general-practitioner', 'DC'],
    ['school-nurse', 'DC'],
    ['reviewing-officer', 'REV'],
    ['police-child-abuse', 'S47'],
    ['identity-steward', 'MATCH'],
    ['auditor', 'AUD'],
  ] as const)('%s for %s', async (persona, purpose) => {
    const isRelated = !UNRELATED.has(persona);
    const told = await toldTo(persona, purpose);
    const answer = await system.ask(persona, {
      query: VIEW,
      variables: { id: system.scenarios.joined },
      purpose,
    });
    const event = await auditedEvent(system, persona, answer);
    const [subject] = event?.subjects ?? [];
    const { released = [], withheld = [] } = subject ?? {};
    expect(withheld.length).toBeGreaterThan(0);

    for (const coordinate of withheld.filter(isOfChild)) {
      for (const { reading, needs } of told.get(coordinate)?.readings ?? []) {
        const isReadable = reading === 'FULL' || reading === 'MINIMAL';
        // What the child would have to be is told as well; whose organisation holds its record differs.
        const isOfThisChild = !needs.includes('OWN_RECORD') && (isRelated || !needs.includes('RELATIONSHIP'));
        expect([coordinate, isReadable && isOfThisChild]).toEqual([coordinate, false]);
      }
    }
    for (const coordinate of released.filter(isOfChild)) {
      const readings = told.get(coordinate)?.readings.map(({ reading }) => reading);
      expect([coordinate, readings]).toEqual([coordinate, [expect.stringMatching(/^(FULL|MINIMAL)$/)]]);
    }
  });
});

describe('what a caller is told of a field', () => {
  test('names the purposes that would open it, and one of them does', async () => {
    const field = (await toldTo('social-worker', 'EH')).get('Child.missedAppointments');
    expect(field).toMatchObject({
      sensitivity: 'SPECIAL',
      agencies: ['health'],
      readings: [{ sector: 'HEALTH', reading: 'NONE', purposes: ['S47'] }],
    });
    const { body } = await system.ask('social-worker', {
      query: `query ($id: ID!) { child(id: $id) { missedAppointments { on } } }`,
      variables: { id: system.scenarios.joined },
      purpose: 'S47',
    });
    expect(body.data.child.missedAppointments).not.toBeNull();
  });

  test.each([
    ['reviewing-officer', 'REV', 'Child.sexualHealthService'],
    ['teacher', 'ED', 'Child.conditions'],
    ['teacher', 'ED', 'Query.accessEvents'],
    ['auditor', 'AUD', 'Child.familyName'],
  ])('%s for %s: nothing of %s, which no purpose opens', async (persona, purpose, coordinate) => {
    expect((await toldTo(persona, purpose)).has(coordinate)).toBe(false);
  });

  test('nobody is told without being known, or without being accredited', async () => {
    const lapsed = await system.ask('lapsed-training', { query: QUESTION, variables: { purpose: 'ED' } });
    expect([lapsed.status, codeOf(lapsed), lapsed.body.data]).toEqual([
      403,
      'ACCREDITATION_LAPSED',
      undefined,
    ]);
    const unknown = await system.ask('teacher', {
      query: QUESTION,
      variables: { purpose: 'ED' },
      headers: { authorization: 'Bearer of-nothing' },
    });
    expect([unknown.status, unknown.body.data]).toEqual([401, undefined]);
  });

  test('asking is on record like everything', async () => {
    const answer = await system.ask('teacher', { query: QUESTION, variables: { purpose: 'ED' } });
    expect(await auditedEvent(system, 'teacher', answer)).toMatchObject({
      operationName: 'FieldAccess',
      outcome: 'RELEASED',
      subjects: [],
    });
  });
});
