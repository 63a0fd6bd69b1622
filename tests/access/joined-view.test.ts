import { fetchPersonaToken } from '@contactpoint/scripts/identity-provider/persona-token';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { askForEvents, auditedEvent, leafOf, readLeaves, receiptOf } from './access-log.ts';
import { EXPECTED_VIEWS } from './expected-view.ts';
import { VIEW } from './operations/joined-view.ts';
import { codeOf, reasonsOf } from './reasons.ts';
import { forgeToken, unsignedToken } from './tokens.ts';

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(async () => {
  await system?.remove();
});

const view = (persona: string, purpose?: string, more: Partial<Parameters<TestSystem['ask']>[1]> = {}) =>
  system.ask(persona, {
    query: VIEW,
    variables: { id: system.scenarios.joined },
    ...(purpose === undefined ? {} : { purpose }),
    ...more,
  });

const isTopLevel = (coordinate: string) => /^(Child|SocialCare)\./.test(coordinate);
const isTopLevelPath = (path: string) => /^child\.(socialCare\.)?\w+$/.test(path);

describe('one operation on the joined child', () => {
  test('gives the allocated social worker what every agency holds', async () => {
    const answer = await view('social-worker', 'S47');
    expect(answer.status).toBe(200);
    const { child } = answer.body.data;
    expect(child).toMatchObject({
      id: system.scenarios.joined,
      givenNames: expect.arrayContaining([expect.any(String)]),
      familyName: expect.any(String),
      localAuthority: '975',
      socialCare: { status: 'CHILD_PROTECTION', allocatedWorker: { name: 'Amara Okafor' } },
      leadProfessional: { practitionerName: 'Amara Okafor' },
      registeredPractice: { odsCode: 'Z99001' },
    });
    expect(child.addresses[0]).toMatchObject({ line1: expect.any(String), postcode: expect.any(String) });
    expect(child.involvements.length).toBeGreaterThanOrEqual(5);
    expect(child.enrolments[0].school.urn).toBe('900001');
    expect(child.attendance[0].sessionsPossible).toEqual(expect.any(Number));
    expect(child.missedAppointments[0].on).toEqual(expect.any(String));
    expect(child.socialCare.childProtectionPlans[0].startedOn).toEqual(expect.any(String));
  });

  test('gives the teacher names, and says why of each field that is missing', async () => {
    const answer = await view('teacher', 'ED');
    expect(answer.status).toBe(200);
    const { child } = answer.body.data;
    expect(child.familyName).toEqual(expect.any(String));
    expect(child).toMatchObject({ involvements: null, conditions: null, socialCare: null, upn: null });
    for (const { extensions } of answer.body.errors ?? [])
      expect(extensions).toEqual({ code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'POLICY' });
    const reasons = reasonsOf(answer);
    expect(reasons).toMatchObject({
      'child.addresses.0.line1': 'POLICY',
      'child.addresses.0.postcode': 'POLICY',
      'child.parentsAndCarers.0.phone': 'POLICY',
      'child.attendance.0.sessionsAttended': 'POLICY',
      'child.enrolments': 'POLICY',
    });
    for (const open of ['child.addresses.0.town', 'child.parentsAndCarers.0.name', 'child.attendance'])
      expect(reasons).not.toHaveProperty([open]);
  });

  test('has no error at a place that is not null', async () => {
    const answer = await view('teacher', 'ED');
    for (const { path = [] } of answer.body.errors ?? []) {
      const value = path.reduce((at, key) => at?.[key], answer.body.data);
      expect([path.join('.'), value]).toEqual([path.join('.'), null]);
    }
  });
});

describe('what each role gets of the joined child, and what is on record of it', () => {
  test.each(EXPECTED_VIEWS)('%s for %s', async (role, purpose, expected) => {
    const answer = await view(role, purpose);
    expect(answer.status).toBe(200);
    const reasons = Object.entries(reasonsOf(answer)).filter(([path]) => isTopLevelPath(path));
    expect(Object.fromEntries(reasons)).toEqual(expected.reasons);

    const event = await auditedEvent(system, role, answer);
    expect(event).toMatchObject({ role, purpose, outcome: 'PARTIAL', breakGlass: false });
    expect(event?.subjects).toHaveLength(1);
    const [subject] = event?.subjects ?? [];
    expect(subject?.childId).toBe(system.scenarios.joined);
    expect(subject?.released.filter(isTopLevel)).toEqual(expected.released);
    expect(subject?.withheld.filter(isTopLevel)).toEqual(expected.withheld);
    expect(subject?.policies.length).toBeGreaterThan(0);
    for (const coordinate of expected.withheld.filter((each) => each.startsWith('Child.')))
      expect([coordinate, answer.body.data.child[coordinate.slice(6)]]).toEqual([coordinate, null]);
  });

  test.each([
    ['camhs-clinician', 'DC', 'RELATIONSHIP'],
    ['voluntary-worker', 'EH', 'RELATIONSHIP'],
    ['auditor', 'AUD', 'POLICY'],
    ['accreditation-officer', 'AUD', 'POLICY'],
    ['publisher', 'AUD', 'POLICY'],
    ['administrator', 'AUD', 'POLICY'],
    ['social-worker', 'REV', 'PURPOSE'],
    ['mash-screener', 'S17', 'PURPOSE'],
    ['safeguarding-lead', 'S47', 'PURPOSE'],
    ['teacher', 'S47', 'PURPOSE'],
    ['education-welfare-officer', 'ED', 'PURPOSE'],
    ['emergency-clinician', 'DC', 'PURPOSE'],
    ['general-practitioner', 'EC', 'PURPOSE'],
    ['school-nurse', 'ED', 'PURPOSE'],
    ['camhs-clinician', 'EC', 'PURPOSE'],
    ['reviewing-officer', 'S47', 'PURPOSE'],
    ['police-child-abuse', 'CDR', 'PURPOSE'],
    ['voluntary-worker', 'S17', 'PURPOSE'],
    ['identity-steward', 'AUD', 'PURPOSE'],
  ])('%s for %s gets nothing at all: %s', async (role, purpose, reason) => {
    const answer = await view(role, purpose);
    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({ child: null });
    expect(reasonsOf(answer)).toEqual({ child: reason });
    const event = await auditedEvent(system, role, answer);
    expect(event).toMatchObject({ role, purpose, outcome: 'REFUSED' });
    expect(event?.subjects).toMatchObject([{ childId: system.scenarios.joined, released: [] }]);
    expect(event?.subjects[0]?.withheld).toContain('Child.familyName');
  });
});

describe('a request that is refused whole', () => {
  test.each([
    ['lapsed-training', 'TRAINING'],
    ['lapsed-vetting', 'VETTING'],
    ['dormant', 'DORMANT'],
    ['suspended', 'SUSPENDED'],
  ])('as %s names the requirement and gives no data', async (persona, requirement) => {
    const answer = await view(persona, 'S47');
    expect(answer.status).toBe(403);
    expect(answer.body).not.toHaveProperty('data');
    expect(answer.body.errors?.map(({ extensions }) => extensions)).toEqual([
      { code: 'ACCREDITATION_LAPSED', requirement },
    ]);
    expect(await auditedEvent(system, persona, answer)).toMatchObject({ outcome: 'REFUSED', purpose: 'S47' });
    expect((await leafOf(system, answer)).event.refusal).toEqual({
      code: 'ACCREDITATION_LAPSED',
      detail: requirement,
    });
  });

  test.each([
    ['no purpose', undefined, undefined, 'PURPOSE_OF_USE_REQUIRED'],
    ['an unknown purpose', 'CURIOSITY', undefined, 'PURPOSE_OF_USE_REQUIRED'],
    ['a purpose in small letters', 's47', undefined, 'PURPOSE_OF_USE_REQUIRED'],
    ['the name of an inherited property', 'constructor', undefined, 'PURPOSE_OF_USE_REQUIRED'],
    ['two purposes', 'S47, S17', undefined, 'PURPOSE_OF_USE_REQUIRED'],
    ['an empty reason', 'S47', '', 'ACCESS_REASON_REQUIRED'],
    ['a reason of 9 characters', 'S47', '123456789', 'ACCESS_REASON_REQUIRED'],
    ['a reason of blanks', 'S47', '1234567           8', 'ACCESS_REASON_REQUIRED'],
    ['a reason that is long by blanks alone', 'S47', '1234567             ', 'ACCESS_REASON_REQUIRED'],
    ['a reason of 501 characters', 'S47', 'x'.repeat(501), 'ACCESS_REASON_REQUIRED'],
    ['a reason of 10 characters', 'S47', '1234567890', undefined],
    ['a reason of 500 characters', 'S47', 'x'.repeat(500), undefined],
  ])('for %s', async (_case, purpose, reason, code) => {
    const answer = await view('social-worker', purpose, reason === undefined ? {} : { reason });
    expect(answer.status).toBe(code === undefined ? 200 : 403);
    if (code === undefined) return;
    expect(answer.body).not.toHaveProperty('data');
    expect(codeOf(answer)).toBe(code);
    expect(await auditedEvent(system, 'social-worker', answer)).toMatchObject({ outcome: 'REFUSED' });
    expect((await leafOf(system, answer)).event.refusal).toEqual({ code });
  });

  const hour = () => Math.floor(Date.now() / 1000) + 3600;
  const bearers: readonly (readonly [string, () => Promise<string>])[] = [
    ['no token', async () => ''],
    ['a word', async () => 'Bearer of bad news'],
    ['another scheme', async () => `Basic ${await system.token('social-worker')}`],
    [
      'a key nobody published',
      async () => `Bearer ${await forgeToken(system, 'social-worker', { by: 'stranger' })}`,
    ],
    ['no signature', async () => `Bearer ${await unsignedToken(system, 'social-worker')}`],
    [
      'another audience',
      async () =>
        `Bearer ${await forgeToken(system, 'social-worker', { by: 'issuer', claims: { aud: 'https://other.example' } })}`,
    ],
    [
      'another issuer',
      async () =>
        `Bearer ${await forgeToken(system, 'social-worker', { by: 'issuer', claims: { iss: 'https://other.example' } })}`,
    ],
    [
      'a session that has ended',
      async () =>
        `Bearer ${await forgeToken(system, 'social-worker', { by: 'issuer', claims: { exp: hour() - 7200 } })}`,
    ],
    [
      'a person nobody accredited',
      async () =>
        `Bearer ${await forgeToken(system, 'social-worker', { by: 'issuer', claims: { sub: 'p-nobody', exp: hour() } })}`,
    ],
    [
      'no second factor',
      async () => `Bearer ${await fetchPersonaToken(system.urls.identityProvider, 'social-worker', false)}`,
    ],
  ];

  test('of somebody signed anew by the issuer itself would be answered: the forgeries fail for what they change', async () => {
    const token = await forgeToken(system, 'social-worker', { by: 'issuer', claims: { exp: hour() } });
    const answer = await view('social-worker', 'S47', { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
  });

  test.each(bearers)('with %s is 401 and says nothing else', async (_case, authorization) => {
    const answer = await view('social-worker', 'S47', { headers: { authorization: await authorization() } });
    expect(answer.status).toBe(401);
    expect(answer.body).not.toHaveProperty('data');
    expect(answer.body.errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });

  test('before its caller is known is on record by where it came from', async () => {
    const counts = (await readLeaves(system)).filter(({ event }) => event.kind === 'refusal-count');
    expect(counts.length).toBeGreaterThan(0);
    expect(counts[0]?.event).toMatchObject({
      outcome: 'REFUSED',
      refusal: { code: 'UNAUTHENTICATED' },
      refusals: { source: '127.0.0.1' },
    });
    expect(counts[0]?.event).not.toHaveProperty('practitioner');
  });
});

describe('the log', () => {
  test('records the auditor who reads it', async () => {
    const { answer } = await askForEvents(system, { childId: system.scenarios.joined });
    expect(answer.status).toBe(200);
    const event = await auditedEvent(system, 'auditor', answer);
    expect(event).toMatchObject({
      practitionerId: 'p-auditor',
      operationName: 'Events',
      outcome: 'RELEASED',
    });
  });

  test('is read by nobody without the scope, not even by those it is about', async () => {
    for (const persona of ['social-worker', 'administrator', 'accreditation-officer', 'publisher']) {
      const answer = await system.ask(persona, {
        query: '{ accessEvents(filter: { practitionerId: "p-social-worker" }) { hasNextPage } }',
      });
      expect(answer.body.data).toEqual({ accessEvents: null });
      expect(reasonsOf(answer)).toMatchObject({ accessEvents: 'SCOPE' });
    }
  });

  test('holds no value of the record, and its nonces are nowhere else', async () => {
    const seen: Answer[] = [await view('social-worker', 'S47'), await view('general-practitioner', 'DC')];
    const { child } = seen[0]?.body.data ?? {};
    const canaries: string[] = [
      child.familyName,
      child.dateOfBirth,
      child.nhsNumber,
      child.upn,
      ...child.addresses.flatMap((each: Record<string, string>) => [
        each['line1'],
        each['postcode'],
        each['uprn'],
      ]),
      ...child.parentsAndCarers.flatMap((each: Record<string, string>) => [each['name'], each['phone']]),
      ...child.involvements.flatMap((each: Record<string, string>) => [
        each['practitionerName'],
        each['email'],
      ]),
    ];
    expect(canaries.every((canary) => typeof canary === 'string' && canary.length > 4)).toBe(true);
    const inline = `{ findChildren(criteria: { familyName: "${child.familyName}", givenName: "${child.givenNames[0]}",
      dateOfBirth: "${child.dateOfBirth}" }) { candidates { score child { id familyName } } } }`;
    const found = await system.ask('social-worker', { query: inline, purpose: 'S47' });
    expect(found.body.data.findChildren.candidates[0].child.id).toBe(system.scenarios.joined);
    seen.push(found, (await askForEvents(system, { childId: system.scenarios.joined })).answer);

    const leaves = await readLeaves(system);
    expect(leaves.some(({ index }) => index === receiptOf(found).index)).toBe(true);
    const text = leaves.map((leaf) => leaf.text).join('\n');
    for (const canary of canaries) expect([canary, text.includes(canary)]).toEqual([canary, false]);

    const answers = seen.map((answer) => answer.text).join('\n');
    for (const { event } of leaves) expect(answers.includes(event.nonce)).toBe(false);
  });
});
