import { factsDigest, type GrantClaims, principalDigest } from '@contactpoint/access/grant';
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { readJournals } from './agency-journals.ts';
import { EVERYTHING, operationFor } from './operations/health-entities.ts';
import { grantKeyOf, post, type StraightOperation, sign } from './straight-requests.ts';

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(async () => {
  await system?.remove();
});

/** A grant for everything of one child, for the operation that asks for it, but for what is changed. */
const grantFor = (id: string, changes: Partial<GrantClaims> = {}, operation = operationFor(id)) =>
  sign(grantKeyOf(system, 'health'), operation, { children: { [id]: EVERYTHING }, ...changes });

const askHealth = (operation: StraightOperation, accessGrant?: unknown) =>
  post(system, 'health', '/graphql', {
    ...operation,
    ...(accessGrant === undefined ? {} : { extensions: { accessGrant } }),
  });

const now = () => Math.floor(Date.now() / 1000);

describe('health, asked past the gateway', () => {
  test('answers a sound grant: what follows fails for what it changes', async () => {
    const { sensitive } = system.scenarios;
    const answer = await askHealth(operationFor(sensitive), await grantFor(sensitive));
    expect(answer.status).toBe(200);
    expect(answer.body.data._entities[0]).toMatchObject({
      registeredPractice: { odsCode: 'Z99001' },
      schoolNurse: { name: expect.any(String) },
      immunisations: expect.any(Array),
      missedAppointments: expect.any(Array),
      mentalHealthService: { organisation: 'CAMHS-01' },
    });
  });

  const changed = (changes: () => Partial<GrantClaims>) => (id: string) => grantFor(id, changes());
  const grants: readonly (readonly [string, (id: string) => Promise<unknown>])[] = [
    ['none', async () => undefined],
    ['null for one', async () => null],
    ['a number for one', async () => 7],
    ['an object for one', async () => ({ children: {} })],
    ['a word for one', async () => 'let.me.in'],
    ['one that has ended', changed(() => ({ iat: now() - 60, exp: now() - 31 }))],
    ['one of tomorrow', changed(() => ({ iat: now() + 86_400, exp: now() + 86_430 }))],
    ['one that lives for an hour', changed(() => ({ exp: now() + 3_600 }))],
    ['one for another agency', changed(() => ({ aud: 'education' }))],
    [
      'one for a list of agencies that lacks it',
      changed(() => ({ aud: ['education', 'directory'] as never })),
    ],
    ['one for another text', changed(() => ({ body: '0'.repeat(64) }))],
    ['one for another child’s operation', (id) => grantFor(id, {}, operationFor(system.scenarios.joined))],
    [
      'one that is forged under the right name',
      (id) => {
        const key = { ...grantKeyOf(system, 'health'), secret: new Uint8Array(32).fill(1) };
        return sign(key, operationFor(id), { children: { [id]: EVERYTHING } });
      },
    ],
    [
      'one under education’s key',
      (id) => sign(grantKeyOf(system, 'education'), operationFor(id), { children: { [id]: EVERYTHING } }),
    ],
    [
      'one under education’s key and health’s name for it',
      (id) => {
        const key = { ...grantKeyOf(system, 'education'), kid: grantKeyOf(system, 'health').kid };
        return sign(key, operationFor(id), { children: { [id]: EVERYTHING } });
      },
    ],
    [
      'one that nobody signed',
      async (id) => new UnsecuredJWT({ aud: 'health', children: { [id]: EVERYTHING } }).encode(),
    ],
  ];

  test.each(grants)('with %s gives nothing', async (_case, grant) => {
    const { sensitive } = system.scenarios;
    const before = (await readJournals(system)).length;
    const answer = await askHealth(operationFor(sensitive), await grant(sensitive));
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(await readJournals(system)).toHaveLength(before);
  });

  test.each([
    ['another child', () => ({ [system.scenarios.joined]: EVERYTHING })],
    ['nobody', () => ({})],
    ['a class of nobody', () => ({ [system.scenarios.sensitive]: {} })],
    ['a star', () => ({ '*': EVERYTHING })],
    ['an empty number', () => ({ '': EVERYTHING })],
    ['the name of an inherited property', () => ({ constructor: EVERYTHING, hasOwnProperty: EVERYTHING })],
  ])('with a grant for %s gives nothing of the child', async (_case, children) => {
    const { sensitive } = system.scenarios;
    const answer = await askHealth(
      operationFor(sensitive),
      await grantFor(sensitive, { children: children() }),
    );
    expect(answer.body).toEqual({ data: { _entities: [null] } });
  });

  const classes: readonly (readonly [GrantClaims['children'][string], readonly string[]])[] = [
    [{ IDENTITY: 'FULL', STATUS: 'FULL' }, []],
    [{ LOCATION: 'FULL' }, ['registeredPractice']],
    [{ LOCATION: 'MINIMAL', INVOLVEMENT: 'MINIMAL', SEALED: 'MINIMAL' }, []],
    [{ INVOLVEMENT: 'FULL' }, ['schoolNurse']],
    [{ SPECIAL: 'MINIMAL' }, ['missedAppointments']],
    [{ SPECIAL: 'FULL' }, ['immunisations', 'missedAppointments']],
    [{ SEALED: 'FULL' }, ['mentalHealthService']],
    [{ SPECIAL: 'ALL', special: 'FULL' } as never, []],
  ];
  test.each(classes)('with a grant for %j gives %j and no more', async (granted, fields) => {
    const { sensitive } = system.scenarios;
    const children = { [sensitive]: granted };
    const answer = await askHealth(operationFor(sensitive), await grantFor(sensitive, { children }));
    const [child] = answer.body.data._entities;
    const open = Object.entries(child).filter(([, value]) => value !== null);
    expect(open.map(([field]) => field).sort()).toEqual([...fields].sort());
    for (const each of child.missedAppointments ?? []) expect(each.setting).toBeNull();
    // A contact's own fields are INVOLVEMENT, also where the service is sealed.
    if (child.mentalHealthService !== null)
      expect(child.mentalHealthService).toEqual({ organisation: null, name: null });
  });

  test('gives two children of one operation what each is granted', async () => {
    const { sensitive, joined, unrelated } = system.scenarios;
    const operation = operationFor(sensitive, joined, unrelated);
    const children = { [sensitive]: { INVOLVEMENT: 'FULL' }, [joined]: { LOCATION: 'FULL' } } as const;
    const answer = await askHealth(operation, await grantFor(sensitive, { children }, operation));
    expect(answer.body.data._entities).toEqual([
      expect.objectContaining({ registeredPractice: null, schoolNurse: expect.any(Object) }),
      expect.objectContaining({ registeredPractice: { odsCode: 'Z99001' }, schoolNurse: null }),
      null,
    ]);
  });

  test('keeps the operations of a batch apart', async () => {
    const { sensitive, joined } = system.scenarios;
    const first = operationFor(sensitive);
    const second = operationFor(joined);
    const good = await grantFor(sensitive);
    const other = await grantFor(joined, { children: { [joined]: { LOCATION: 'FULL' } } });
    const answer = await post(system, 'health', '/graphql', [
      { ...first, extensions: { accessGrant: good } },
      { ...second, extensions: { accessGrant: good } },
      { ...second, extensions: { accessGrant: other } },
      second,
    ]);
    const [one, borrowed, own, none] = answer.body;
    expect(one.data._entities[0].schoolNurse).not.toBeNull();
    expect(borrowed).not.toHaveProperty('data');
    expect(own.data._entities[0]).toMatchObject({
      registeredPractice: { odsCode: 'Z99001' },
      schoolNurse: null,
    });
    expect(none).not.toHaveProperty('data');
  });

  test('does not tell its schema without a grant, and has no other way in', async () => {
    const schema = await askHealth({ query: '{ __schema { types { name } } }' });
    expect(schema.status).toBe(401);
    for (const path of ['/graphiql', '/altair', '/graphql/', '/playground'])
      expect((await post(system, 'health', path, operationFor(system.scenarios.sensitive))).status).toBe(404);
    const got = await fetch(`http://127.0.0.1:${system.ports.health}/graphql?query={__typename}`);
    expect(got.status).toBe(404);
    expect(await got.text()).not.toContain('Query');
  });
});

describe('the directory and accreditation, asked past the gateway', () => {
  const facts = () => ({
    practitionerId: 'p-social-worker',
    organisationId: 'LA-975',
    children: [system.scenarios.joined, system.scenarios.shielded],
  });
  const who = {
    sub: 'p-social-worker',
    role: 'social-worker',
    sector: 'SOCIAL_CARE',
    organisation: 'LA-975',
  } as const;
  const factsGrant = (changes: Partial<GrantClaims> = {}, by: 'directory' | 'health' = 'directory') =>
    sign(
      grantKeyOf(system, by),
      { query: '' },
      { aud: 'directory', ...who, body: factsDigest(facts()), ...changes },
    );

  test('give facts for a sound grant', async () => {
    const answer = await post(system, 'directory', '/facts', {
      requests: [{ ...facts(), accessGrant: await factsGrant() }],
    });
    expect(answer.body.answers[0][system.scenarios.shielded]).toMatchObject({ shielded: true });
  });

  test.each([
    ['no grant', async () => ''],
    ['another agency’s key', () => factsGrant({}, 'health')],
    ['one for another agency', () => factsGrant({ aud: 'health' })],
    ['one that has ended', () => factsGrant({ iat: now() - 60, exp: now() - 31 })],
    ['one for other children', () => factsGrant({ body: factsDigest({ ...facts(), children: [] }) })],
    ['somebody else’s', () => factsGrant({ sub: 'p-teacher' })],
    ['one of another organisation', () => factsGrant({ organisation: 'SCHOOL-900001' })],
  ])('give no facts with %s', async (_case, grant) => {
    const answer = await post(system, 'directory', '/facts', {
      requests: [{ ...facts(), accessGrant: await grant() }],
    });
    expect(answer.body).toEqual({ answers: [null] });
  });

  test.each([
    ['no grant', async () => ''],
    [
      'health’s key',
      () =>
        sign(
          grantKeyOf(system, 'health'),
          { query: '' },
          { aud: 'accreditation', body: principalDigest('p-social-worker') },
        ),
    ],
    [
      'a grant for somebody else',
      () =>
        sign(
          grantKeyOf(system, 'accreditation'),
          { query: '' },
          { aud: 'accreditation', body: principalDigest('p-teacher') },
        ),
    ],
  ])('give no principal with %s', async (_case, grant) => {
    const requests = [{ practitionerId: 'p-social-worker', accessGrant: await grant() }];
    expect((await post(system, 'accreditation', '/principals', { requests })).body).toEqual({
      answers: [null],
    });
  });

  test('let one grant open one mutation only', async () => {
    const operation = {
      query: `mutation { recordInvolvement(input: { childId: "${system.scenarios.unrelated}", service: "Twice", from: "2026-11-01" }) { id } }`,
      variables: {},
    };
    const accessGrant = await sign(grantKeyOf(system, 'directory'), operation, {
      ...who,
      aud: 'directory',
      purpose: 'S47',
    });
    const send = () => post(system, 'directory', '/graphql', { ...operation, extensions: { accessGrant } });
    expect((await send()).body).toEqual({ data: { recordInvolvement: { id: system.scenarios.unrelated } } });
    const again = await send();
    expect([again.status, again.body.data]).toEqual([401, undefined]);
  });
});
