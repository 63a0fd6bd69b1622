import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readLeaves } from '../access/access-log.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { noAnswers } from './hostile-replies.ts';
import { entities, type HostileSubgraph, json, listenAsSubgraph, never } from './hostile-subgraph.ts';
import { problemsOf } from './problems.ts';

/** In every value and message that a hostile subgraph sends; may never be seen by anybody. */
const LEAK = 'LEAKED';

/** Milliseconds that the gateway gives a subgraph, and in which a caller must have an answer. */
const SUBGRAPH_TIMEOUT = 2_000;
const WITHIN = 8_000;

const HEALTH_FIELDS = ['allergies', 'conditions', 'missedAppointments', 'sdqScore'];
const ONE = /* GraphQL */ `
  query One($id: ID!) {
    child(id: $id) { id familyName allergies conditions { name } missedAppointments { on setting } sdqScore }
  }
`;
const CASELOAD = /* GraphQL */ `
  query Caseload { myCaseload(first: 50) { children { id familyName allergies } } }
`;

let system: TestSystem;
let health: HostileSubgraph;
let elsewhere: HostileSubgraph;

beforeAll(async () => {
  system = await startTestSystem({ gatewayEnvironment: { SUBGRAPH_TIMEOUT: String(SUBGRAPH_TIMEOUT) } });
  await system.services.get('health')?.stop();
  health = await listenAsSubgraph(system.ports.health);
  elsewhere = await listenAsSubgraph(system.ports.gateway + 20);
});

afterAll(async () => {
  await health?.stop();
  await elsewhere?.stop();
  await system?.remove();
});

beforeEach(() => {
  health.reply = never;
});

const practitioner = (query: string, variables: Readonly<Record<string, unknown>> = {}) =>
  system.ask('general-practitioner', { query, variables, purpose: 'DC' });

/** What an honest subgraph would say of a child. */
const honest = (id: string) => ({
  allergies: [`allergy of ${id}`],
  conditions: [{ name: 'Asthma' }],
  missedAppointments: [{ on: '2025-03-01', setting: 'Clinic' }],
  sdqScore: 12,
});

test("a subgraph in the agency's place is asked by number alone, and what it says of the child is shown", async () => {
  health.reply = json((asked) => ({ data: { _entities: entities(asked, honest) } }));
  const answer = await practitioner(ONE, { id: system.scenarios.joined });
  expect(answer.body.errors).toBeUndefined();
  expect(answer.body.data.child).toMatchObject(honest(system.scenarios.joined));
  expect(health.asked.at(-1)?.variables.representations).toEqual([
    { __typename: 'Child', id: system.scenarios.joined },
  ]);
});

describe('an agency that answers nothing that could be an answer: the rest of the record, and its own fields unavailable', () => {
  const cases = noAnswers(LEAK, honest, () => system.scenarios.unrelated);

  test.each(cases)('%s', async (_case, reply) => {
    health.reply = reply;
    const begun = performance.now();
    const answer = await practitioner(ONE, { id: system.scenarios.joined });
    expect(performance.now() - begun).toBeLessThan(WITHIN);
    expect(answer.status).toBe(200);
    expect(answer.body.data.child).toEqual({
      id: system.scenarios.joined,
      familyName: expect.any(String),
      allergies: null,
      conditions: null,
      missedAppointments: null,
      sdqScore: null,
    });
    expect(problemsOf(answer)).toEqual(
      Object.fromEntries(HEALTH_FIELDS.map((field) => [`child.${field}`, 'SUBGRAPH_UNAVAILABLE of health'])),
    );
    expect(answer.text).not.toContain(LEAK);
  });

  test('a redirect is not followed', async () => {
    elsewhere.reply = json((asked) => ({ data: { _entities: entities(asked, honest) } }));
    for (const status of [301, 302, 307, 308]) {
      health.reply = (_asked, response) =>
        void response
          .writeHead(status, {
            location: `http://127.0.0.1:${system.ports.gateway + 20}/graphql`,
            'content-type': 'application/json',
          })
          .end('{}');
      const answer = await practitioner(ONE, { id: system.scenarios.joined });
      expect(problemsOf(answer)).toMatchObject({ 'child.allergies': 'SUBGRAPH_UNAVAILABLE of health' });
    }
    expect(elsewhere.asked).toEqual([]);
  });
});

describe('an agency that answers something else than it was asked', () => {
  test('values of other types are null, with an error and without the value', async () => {
    health.reply = json((asked) => ({
      data: {
        _entities: entities(asked, () => ({
          allergies: { [LEAK]: LEAK },
          conditions: LEAK,
          missedAppointments: [{ on: { [LEAK]: 1 }, setting: [LEAK] }, LEAK],
          sdqScore: LEAK,
        })),
      },
    }));
    const answer = await practitioner(ONE, { id: system.scenarios.joined });
    expect(answer.status).toBe(200);
    expect(answer.body.data.child).toMatchObject({
      familyName: expect.any(String),
      allergies: null,
      conditions: null,
      sdqScore: null,
    });
    expect(problemsOf(answer)).toMatchObject({
      'child.allergies': 'SUBGRAPH_ERROR',
      'child.conditions': 'SUBGRAPH_ERROR',
      'child.sdqScore': 'SUBGRAPH_ERROR',
    });
    expect(answer.text).not.toContain(LEAK);
  });

  test('values nested without end are null, with an error, and the rest of its answer is there', async () => {
    health.reply = (asked, response) => {
      const deep = '['.repeat(100_000) + ']'.repeat(100_000);
      const [entity] = entities(asked, (id) => ({ ...honest(id), sdqScore: 'DEEP' }));
      const body = JSON.stringify({ data: { _entities: [entity] } }).replace('"DEEP"', deep);
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    };
    const { joined } = system.scenarios;
    const answer = await practitioner(ONE, { id: joined });
    expect(answer.status).toBe(200);
    expect(answer.body.data.child).toMatchObject({ ...honest(joined), sdqScore: null });
    expect(problemsOf(answer)).toEqual({ 'child.sdqScore': 'SUBGRAPH_ERROR' });
  });

  test("other agencies' fields, a prototype, and fields that were not asked for are nowhere in the answer", async () => {
    health.reply = (asked, response) => {
      const [entity] = entities(asked, honest);
      const own = JSON.stringify({
        ...entity,
        familyName: LEAK,
        socialCare: { status: LEAK },
        mentalHealthService: { name: LEAK },
        constructor: { prototype: { allergies: [LEAK] } },
      });
      const body = `{"data":{"_entities":[{"__proto__":{"familyName":"${LEAK}","sdqScore":40},${own.slice(1)}],"__proto__":{"child":"${LEAK}"}},"__proto__":{"errors":["${LEAK}"]}}`;
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    };
    const answer = await practitioner(ONE, { id: system.scenarios.joined });
    expect(answer.body.errors).toBeUndefined();
    expect(answer.body.data.child).toMatchObject(honest(system.scenarios.joined));
    expect(answer.text).not.toContain(LEAK);
    expect(({} as Record<string, unknown>).familyName).toBeUndefined();
  });

  test('what the caller may not read of it is not asked for, and not shown when it comes all the same', async () => {
    health.reply = (asked, response) => {
      const [entity] = entities(asked, honest);
      const everything = {
        ...entity,
        ...honest(LEAK),
        allergies: [LEAK],
        conditions: [{ name: LEAK }],
        sdqScore: 40,
      };
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ data: { _entities: [everything] } }));
    };
    const answer = await system.ask('social-worker', {
      query: ONE,
      variables: { id: system.scenarios.joined },
      purpose: 'S47',
    });
    expect(health.asked.at(-1)?.query).not.toMatch(/allergies|conditions|sdqScore/);
    expect(answer.body.data.child).toMatchObject({ allergies: null, conditions: null, sdqScore: null });
    expect(answer.body.data.child.missedAppointments).toEqual([{ on: '2025-03-01', setting: 'Clinic' }]);
    expect(answer.text).not.toContain(LEAK);
  });

  test('of a child who is shielded it learns no number, and what it tells all the same is shown to nobody', async () => {
    health.reply = json((asked) => ({
      data: {
        _entities: entities(asked, () => ({ healthVisitor: { name: LEAK }, schoolNurse: { name: LEAK } })),
      },
    }));
    const answer = await practitioner(
      'query Visited($id: ID!) { child(id: $id) { id healthVisitor { name } schoolNurse { name } } }',
      { id: system.scenarios.shielded },
    );
    const [named] = health.asked.at(-1)?.variables.representations ?? [];
    expect(named?.id).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
    expect(named?.id).not.toBe(system.scenarios.shielded);
    expect(answer.body).toEqual({
      data: { child: { id: system.scenarios.shielded, healthVisitor: null, schoolNurse: null } },
    });
  });

  test("one child's record is never shown under another's name", async () => {
    health.reply = json((asked) => ({ data: { _entities: entities(asked, honest).reverse() } }));
    const answer = await practitioner(CASELOAD);
    const { children } = answer.body.data.myCaseload as {
      children: readonly { readonly id: string; readonly allergies: unknown }[];
    };
    expect(children.length).toBeGreaterThan(1);
    for (const { id, allergies } of children) expect([null, [`allergy of ${id}`]]).toContainEqual(allergies);
    expect(children.some(({ allergies }) => allergies === null)).toBe(true);
  });
});

describe("an agency's errors", () => {
  const told = (extensions: unknown, path: unknown) =>
    json(() => ({ data: null, errors: [{ message: LEAK, extensions, path, locations: LEAK }] }));

  test.each<[string, unknown, unknown, string]>([
    ['of its own', { code: LEAK, detail: LEAK }, ['_entities', 0, 'allergies'], 'SUBGRAPH_ERROR of health'],
    [
      'with a code of ours',
      { code: 'AUDIT_UNAVAILABLE' },
      ['_entities', 0, 'allergies'],
      'SUBGRAPH_ERROR of health',
    ],
    [
      'for another subgraph',
      { code: 'SUBGRAPH_UNAVAILABLE', subgraph: LEAK },
      ['_entities', 0, 'allergies'],
      'SUBGRAPH_ERROR of health',
    ],
    ['without extensions', LEAK, ['_entities', 0, 'allergies'], 'SUBGRAPH_ERROR of health'],
    [
      'with a stack',
      { exception: { stacktrace: [LEAK] } },
      ['_entities', 0, 'allergies'],
      'SUBGRAPH_ERROR of health',
    ],
    ['with a value as path', { code: LEAK }, ['_entities', 0, LEAK, LEAK], 'SUBGRAPH_ERROR of health'],
    ['with a value as index', { code: LEAK }, ['_entities', 0, 'sdqScore', 4711], 'SUBGRAPH_ERROR of health'],
    [
      'with a value as an argument',
      { code: 'BAD_USER_INPUT', argument: LEAK },
      ['_entities', 0, 'allergies'],
      'BAD_USER_INPUT',
    ],
    [
      'with a value as reason',
      { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: LEAK },
      ['_entities', 0, 'allergies'],
      'UNAUTHORIZED_FIELD_OR_TYPE',
    ],
  ])('%s say no more than a code and a place', async (_case, extensions, path, problem) => {
    health.reply = told(extensions, path);
    const answer = await practitioner(ONE, { id: system.scenarios.joined });
    expect(answer.status).toBe(200);
    expect(answer.body.data.child).toMatchObject({ familyName: expect.any(String), allergies: null });
    expect(Object.values(problemsOf(answer))).toContain(problem);
    expect(answer.text).not.toContain(LEAK);
    expect(answer.text).not.toContain('4711');
  });

  test('however many, leave an answer that can be read', async () => {
    health.reply = json(() => ({
      data: { _entities: [{ __subject: system.scenarios.joined, missedAppointments: null }] },
      errors: Array.from({ length: 60_000 }, (_, index) => ({
        message: LEAK,
        path: ['_entities', 0, 'missedAppointments', index, 'on'],
      })),
    }));
    const answer = await practitioner(ONE, { id: system.scenarios.joined });
    expect(answer.body.data.child).toMatchObject({
      familyName: expect.any(String),
      missedAppointments: null,
    });
    expect(Object.values(problemsOf(answer))).toContain('SUBGRAPH_ERROR of health');
    expect(answer.text.length).toBeLessThan(20_000);
  });
});

test('of all that, the gateway has written down nothing: not in its log, its figures or its events', async () => {
  const log = readFileSync(join(system.data, 'logs', 'gateway.log'), 'utf8');
  const figures = await (await fetch(`${system.urls.gateway}/metrics`)).text();
  const events = JSON.stringify(await readLeaves(system));
  expect(events).toContain('One');
  for (const text of [log, figures, events]) expect(text).not.toContain(LEAK);
});
