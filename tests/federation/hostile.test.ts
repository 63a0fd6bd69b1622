import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import {
  entities,
  type HostileSubgraph,
  json,
  listenAsSubgraph,
  never,
  plain,
  type Reply,
} from './hostile-subgraph.ts';

/** In every value and message that a hostile subgraph sends; may never be seen by anybody. */
const LEAK = 'LEAKED';

/** Milliseconds that the gateway gives a subgraph, and in which a caller must have an answer. */
const SUBGRAPH_TIMEOUT = 1_000;
const WITHIN = 4_000;

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
  const leaking = (id: string) => ({ ...honest(id), allergies: [LEAK] });
  const cases: readonly (readonly [string, Reply])[] = [
    ['nothing at all', never],
    ['garbage', plain(`{"data": ${LEAK}`)],
    ['an empty body', plain('')],
    ['an error page', plain(`<h1>${LEAK}</h1>`, 500, 'text/html')],
    ['a page that says that all is well', plain(`<h1>${LEAK}</h1>`, 200, 'text/html')],
    ["data under an error's status", json503((asked) => ({ data: { _entities: entities(asked, leaking) } }))],
    ['a list', json(() => [{ data: LEAK }])],
    ['neither data nor errors', json(() => ({ [LEAK]: true }))],
    ['data that are text', json(() => ({ data: LEAK }))],
    ['entities that are text', json(() => ({ data: { _entities: LEAK } }))],
    ['an entity that is text', json(() => ({ data: { _entities: [LEAK] } }))],
    ['no entity', json(() => ({ data: { _entities: [] } }))],
    [
      'one entity too many',
      json((asked) => ({ data: { _entities: [...entities(asked, leaking), ...entities(asked, leaking)] } })),
    ],
    [
      'another child than it was asked for',
      json((asked) => ({
        data: { _entities: entities(asked, (id) => ({ ...leaking(id), id: system.scenarios.unrelated })) },
      })),
    ],
    ['a list without end', plain('['.repeat(200_000))],
    ['more than anybody could want', plain(`{"data": {"${LEAK}": "${'x'.repeat(9 * 1024 * 1024)}"}}`)],
    ['a body that never ends', trickle],
    ['a body cut off', cutOff],
    ['a connection that breaks', (_asked, _response, request) => void request.socket.destroy()],
    ['text that says it is compressed', compressed],
  ];

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
    expect(problems(answer)).toEqual(
      Object.fromEntries(HEALTH_FIELDS.map((field) => [`child.${field}`, 'SUBGRAPH_UNAVAILABLE of health'])),
    );
    expect(answer.text).not.toContain(LEAK);
  });

  test('a redirect is not followed', async () => {
    elsewhere.reply = json((asked) => ({ data: { _entities: entities(asked, leaking) } }));
    for (const status of [301, 302, 307, 308]) {
      health.reply = (_asked, response) =>
        void response
          .writeHead(status, {
            location: `http://127.0.0.1:${system.ports.gateway + 20}/graphql`,
            'content-type': 'application/json',
          })
          .end('{}');
      const answer = await practitioner(ONE, { id: system.scenarios.joined });
      expect(problems(answer)).toMatchObject({ 'child.allergies': 'SUBGRAPH_UNAVAILABLE of health' });
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
    expect(problems(answer)).toMatchObject({
      'child.allergies': 'SUBGRAPH_ERROR',
      'child.conditions': 'SUBGRAPH_ERROR',
      'child.sdqScore': 'SUBGRAPH_ERROR',
    });
    expect(answer.text).not.toContain(LEAK);
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
    expect(({} as Record<string, unknown>)['familyName']).toBeUndefined();
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
    expect(Object.values(problems(answer))).toContain(problem);
    expect(answer.text).not.toContain(LEAK);
  });
});

/** Code, and subgraph where it says one, by response path. */
function problems({ body: { errors = [] } }: Answer): Record<string, string> {
  return Object.fromEntries(
    errors.map(({ path = [], extensions = {} }) => {
      const { code, subgraph } = extensions;
      return [path.join('.'), subgraph === undefined ? String(code) : `${code} of ${subgraph}`];
    }),
  );
}

function json503(answer: Parameters<typeof json>[0]): Reply {
  return (asked, response) =>
    void response.writeHead(503, { 'content-type': 'application/json' }).end(JSON.stringify(answer(asked)));
}

/** Always a little more, so that no pause is long. */
function trickle(_asked: unknown, response: Parameters<Reply>[1]): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write(`{"data": {"${LEAK}": "`);
  const more = setInterval(() => response.write('x'), 50);
  response.once('close', () => clearInterval(more));
}

function cutOff(_asked: unknown, response: Parameters<Reply>[1]): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write(`{"data": {"${LEAK}": "`, () => response.destroy());
}

function compressed(_asked: unknown, response: Parameters<Reply>[1]): void {
  response
    .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    .end(`{"data": {"_entities": [{"${LEAK}"`);
}
