import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { leafOf, receiptOf } from './access-log.ts';
import { codeOf, reasonsOf } from './reasons.ts';
import { forgeToken, unsignedToken } from './tokens.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(async () => {
  await system?.remove();
});

const VIEW = /* GraphQL */ `
  query View($id: ID!) {
    child(id: $id) {
      id
      familyName
      addresses { line1 town }
      involvements { service }
      attendance { academicYear sessionsAttended }
      socialCare { status }
    }
  }
`;

interface Asking {
  readonly purpose?: string;
  readonly child?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As `persona`, who has a colleague's token on the other end of the telephone. */
async function askFor(persona: string, colleague: string, asking: Asking = {}): Promise<Answer> {
  return await askWith(persona, await system.token(colleague), asking);
}

async function askWith(persona: string, token: string, asking: Asking): Promise<Answer> {
  return await system.ask(persona, {
    query: asking.query ?? VIEW,
    variables: asking.query === undefined ? { id: asking.child ?? system.scenarios.joined } : {},
    purpose: asking.purpose ?? 'ED',
    headers: { 'on-behalf-of': token, ...asking.headers },
  });
}

const alone = (persona: string, purpose = 'ED') =>
  system.ask(persona, { query: VIEW, variables: { id: system.scenarios.joined }, purpose });

describe('who reads for a colleague on the telephone', () => {
  test.each([
    ['safeguarding-lead', 'teacher'],
    ['teacher', 'safeguarding-lead'],
  ])('as %s for the %s sees what both may see', async (persona, colleague) => {
    const answer = await askFor(persona, colleague);
    expect(answer.status).toBe(200);
    // The teacher may read less of everything, so it is the teacher's view.
    expect(answer.body.data).toEqual((await alone('teacher')).body.data);
    expect(answer.body.data.child).toMatchObject({
      familyName: expect.any(String),
      involvements: null,
      socialCare: null,
    });
    expect(answer.body.data.child.addresses[0]).toEqual({ line1: null, town: expect.any(String) });
    expect(reasonsOf(answer)).toMatchObject({
      'child.involvements': 'POLICY',
      'child.addresses.0.line1': 'POLICY',
    });
    expect((await alone('safeguarding-lead')).body.data.child.involvements).not.toBeNull();
  });

  test.each([
    ['social-worker', 'teacher', 'ED'],
    ['teacher', 'social-worker', 'ED'],
    ['social-worker', 'teacher', 'S47'],
    ['teacher', 'social-worker', 'S47'],
  ])('as %s for the %s has no purpose %s that only one of them has', async (persona, colleague, purpose) => {
    const answer = await askFor(persona, colleague, { purpose });
    expect(answer.body.data).toEqual({ child: null });
    expect(reasonsOf(answer)).toEqual({ child: 'PURPOSE' });
  });

  test('needs both relationships, and learns nothing from the other’s', async () => {
    const [unrelated, unknown] = await Promise.all([
      askFor('safeguarding-lead', 'teacher', { child: system.scenarios.unrelated }),
      askFor('safeguarding-lead', 'teacher', { child: '0000000000000000' }),
    ]);
    expect(reasonsOf(unrelated)).toEqual({ child: 'RELATIONSHIP' });
    expect(unrelated.text).toBe(unknown.text);
  });

  test('sees of a shielded child what there is of an empty one', async () => {
    const [shielded, empty] = await Promise.all([
      askFor('safeguarding-lead', 'teacher', { child: system.scenarios.shielded }),
      askFor('safeguarding-lead', 'teacher', { child: system.scenarios.empty }),
    ]);
    expect(shielded.body.data.child.addresses).toBeNull();
    expect(reasonsOf(shielded)).not.toHaveProperty(['child.addresses']);
    expect(empty.body.data.child.addresses).toBeNull();
  });

  test('is on record with the colleague, for auditors too', async () => {
    const answer = await askFor('safeguarding-lead', 'teacher');
    const { event } = await leafOf(system, answer);
    expect(event).toMatchObject({
      practitioner: 'p-teacher',
      mediator: 'p-safeguarding-lead',
      purpose: 'ED',
      outcome: 'PARTIAL',
    });
    expect(event.subjects[0]).toMatchObject({ child: system.scenarios.joined });

    for (const practitionerId of ['p-teacher', 'p-safeguarding-lead']) {
      const found = await system.ask('auditor', {
        query: `query ($filter: AccessEventFilter!) { accessEvents(filter: $filter, first: 50) {
          events { origin index practitionerId onBehalfOf } } }`,
        variables: { filter: { practitionerId } },
      });
      expect(found.body.data.accessEvents.events).toContainEqual({
        ...receiptOf(answer),
        practitionerId: 'p-safeguarding-lead',
        onBehalfOf: 'p-teacher',
      });
    }
  });

  test.each([
    [
      'a search',
      'findChildren(criteria: { familyName: "A", givenName: "B", dateOfBirth: "2012-01-01" }) { candidates { score } }',
    ],
    ['the colleague’s caseload', 'myCaseload { endCursor }'],
    ['the colleague', 'me { name }'],
  ])('is shown nothing of %s', async (_case, field) => {
    const answer = await askFor('safeguarding-lead', 'teacher', { query: `{ ${field} }` });
    const name = field.split(/\W/)[0] ?? '';
    expect(answer.body.data).toEqual({ [name]: null });
    expect(reasonsOf(answer)).toEqual({ [name]: 'POLICY' });
  });
});

describe('nothing is read', () => {
  test('for a colleague who is suspended', async () => {
    const answer = await askFor('social-worker', 'suspended', { purpose: 'S47' });
    expect(answer.status).toBe(403);
    expect(answer.body).not.toHaveProperty('data');
    expect(answer.body.errors?.[0]?.extensions).toEqual({
      code: 'ACCREDITATION_LAPSED',
      requirement: 'SUSPENDED',
    });
    const { event } = await leafOf(system, answer);
    expect(event).toMatchObject({
      practitioner: 'p-suspended',
      mediator: 'p-social-worker',
      outcome: 'REFUSED',
    });
  });

  test('by a caller who is, whoever the colleague is', async () => {
    const answer = await askFor('suspended', 'social-worker', { purpose: 'S47' });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'ACCREDITATION_LAPSED']);
  });

  test('for oneself', async () => {
    const answer = await askFor('teacher', 'teacher');
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_REQUEST']);
    expect(answer.body).not.toHaveProperty('data');
  });

  const forgeries: readonly (readonly [string, () => Promise<string>])[] = [
    ['nobody signed', () => unsignedToken(system, 'safeguarding-lead')],
    ['a stranger signed', () => forgeToken(system, 'safeguarding-lead', { by: 'stranger' })],
    [
      'is for another audience',
      () =>
        forgeToken(system, 'safeguarding-lead', { by: 'issuer', claims: { aud: 'https://other.example' } }),
    ],
    ['has ended', () => forgeToken(system, 'safeguarding-lead', { by: 'issuer', claims: { exp: 1 } })],
    [
      'has no second factor',
      () => forgeToken(system, 'safeguarding-lead', { by: 'issuer', claims: { amr: ['pwd'] } }),
    ],
    ['is none', async () => 'p-safeguarding-lead'],
    ['is empty', async () => ''],
  ];
  test.each(forgeries)('with a colleague’s token that %s', async (_case, token) => {
    const answer = await askWith('teacher', await token(), {});
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
    expect(answer.body).not.toHaveProperty('data');
    const { event } = await leafOf(system, answer);
    expect(event).toMatchObject({ practitioner: 'p-teacher', outcome: 'REFUSED' });
    expect(event).not.toHaveProperty('mediator');
  });

  test('or done: no mutation and no break-glass is anybody’s but one’s own', async () => {
    const mutation = `mutation { endInvolvement(childId: "${system.scenarios.joined}", id: "x", endedOn: "2026-01-01") { id } }`;
    const done = await askFor('safeguarding-lead', 'teacher', { query: mutation });
    const broken = await askFor('police-child-abuse', 'mash-screener', {
      purpose: 'S47',
      headers: {
        'access-override': 'break-glass',
        'access-reason': 'a reason of more than twenty characters',
      },
    });
    for (const answer of [done, broken]) {
      expect(answer.status).toBe(403);
      expect(answer.body).not.toHaveProperty('data');
      expect(answer.body.errors?.[0]?.extensions).toEqual({
        code: 'UNAUTHORIZED_FIELD_OR_TYPE',
        reason: 'POLICY',
      });
    }
  });
});
