import { setImmediate } from 'node:timers/promises';
import type { ExecuteInput, ExecutionResult } from '@contactpoint/executor/execution';
import { describe, expect, test } from 'vitest';
import { factsSource } from '../testing/decisions.ts';
import {
  ALLOCATED,
  JOINED,
  NO_RELATIONSHIP,
  principalOf,
  TEAM_SHIELDED,
  UNRELATED,
} from '../testing/personas.ts';
import { type Asking, type PipelineInTest, pipelineInTest, requestFor, VIEW } from '../testing/pipeline.ts';

const CANARY = 'Featherstonehaugh';
const withheld = {
  message: 'withheld',
  path: ['child', 'conditions'],
  extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'POLICY' },
};

/** Executes as the executor does: asks before it fetches, and again before it releases. */
function fetching(id: string, result: ExecutionResult) {
  return async ({ hooks }: ExecuteInput): Promise<ExecutionResult> => {
    const [request] = await hooks.beforeFetch({
      subgraph: 'directory',
      kind: 'query',
      query: '{ child { familyName } }',
      variables: {},
      representations: undefined,
      coordinates: ['Query.child', 'Child.familyName'],
    });
    await request?.extensions({ query: '{ child { familyName } }', variables: {}, coordinates: [] });
    await hooks.beforeRelease([
      {
        id,
        type: 'Child',
        coordinates: ['Child.familyName', 'Child.conditions'].map((coordinate) => ({
          subjectField: coordinate,
          coordinate,
        })),
      },
    ]);
    return result;
  };
}

const released = { data: { child: { familyName: CANARY, conditions: null } }, errors: [withheld] };
const code = (response: Awaited<ReturnType<PipelineInTest['pipeline']>>) =>
  `${response.status} ${response.body.errors?.[0]?.extensions?.['code']}`;

describe('an answered operation', () => {
  test('asks what decides about a named child beside the child itself, and once', async () => {
    const asked = Promise.withResolvers<void>();
    const questions: (readonly string[])[] = [];
    const { pipeline, log } = pipelineInTest({
      parts: {
        facts: {
          ...factsSource({ [JOINED]: ALLOCATED }),
          find(caller, children, onQuestion) {
            questions.push(children);
            asked.resolve();
            return factsSource({ [JOINED]: ALLOCATED }).find(caller, children, onQuestion);
          },
        },
      },
      execute: async (input) => {
        await asked.promise;
        return await fetching(JOINED, released)(input);
      },
    });
    expect((await pipeline(requestFor(VIEW))).body).toEqual(released);
    expect(questions).toEqual([[JOINED]]);
    expect(log.events[0]?.jtis.filter((jti) => jti === 'facts-jti')).toHaveLength(1);
  });

  test('that fails has every question on record that was asked, also one that is asked after that', async () => {
    const facts = factsSource({ [JOINED]: ALLOCATED });
    const { pipeline, log } = pipelineInTest({
      parts: {
        facts: {
          ...facts,
          async find(...asked) {
            await setImmediate();
            return await facts.find(...asked);
          },
        },
      },
      execute: () => Promise.reject(new Error('broken')),
    });
    expect(code(await pipeline(requestFor(VIEW)))).toBe('500 INTERNAL_SERVER_ERROR');
    expect(log.events[0]?.jtis).toContain('facts-jti');
  });

  test('comes with the receipt of its event, which says who read what of whom, why, and under which grants', async () => {
    const { pipeline, log } = pipelineInTest({
      known: { [JOINED]: ALLOCATED },
      execute: fetching(JOINED, released),
    });
    const response = await pipeline(requestFor(VIEW));
    expect(response).toEqual({
      status: 200,
      headers: { 'cache-control': 'no-store', 'access-log': 'log.example 0' },
      body: released,
    });
    expect(log.events).toHaveLength(1);
    expect(log.events[0]).toMatchObject({
      kind: 'access',
      practitioner: 'p-worker',
      role: 'social-worker',
      organisation: 'LA-975',
      purpose: 'S47',
      reason: 'a referral of this morning',
      client: 'token-client',
      operation: { name: 'View' },
      variables: { kid: 'd1' },
      policySet: 'policy-set',
      outcome: 'PARTIAL',
      jtis: ['principal-jti', 'facts-jti', 'grant-jti'],
      subjects: [{ child: JOINED, released: ['Child.familyName'], withheld: ['Child.conditions'] }],
    });
  });

  test.each<[string, ExecutionResult, string]>([
    ['nothing', { data: { child: null }, errors: [withheld] }, 'REFUSED'],
    ['no data', { data: null, errors: [withheld] }, 'REFUSED'],
    ['an error somewhere', released, 'PARTIAL'],
  ])('is on record as what it was: %s', async (_case, result, outcome) => {
    const { pipeline, log } = pipelineInTest({
      known: { [JOINED]: ALLOCATED },
      execute: fetching(JOINED, result),
    });
    await pipeline(requestFor(VIEW));
    expect(log.events[0]?.outcome).toBe(outcome);
  });

  test('what was silent to the caller is in part to the log', async () => {
    const silent = { data: { child: { addresses: null } }, errors: [] };
    const execute = async ({ hooks }: ExecuteInput) => {
      const coordinates = [{ subjectField: 'Child.addresses', coordinate: 'Child.addresses' }];
      await hooks.beforeRelease([{ id: JOINED, type: 'Child', coordinates }]);
      return silent;
    };
    const { pipeline, log } = pipelineInTest({ known: { [JOINED]: TEAM_SHIELDED }, execute });
    expect(
      (await pipeline(requestFor('query ($id: ID!) { child(id: $id) { addresses { town } } }'))).body,
    ).toEqual({ data: silent.data });
    expect(log.events[0]).toMatchObject({
      outcome: 'PARTIAL',
      subjects: [{ withheld: ['Child.addresses'] }],
    });
  });

  test('a child that was asked for and did not come stands in the event', async () => {
    const { pipeline, log } = pipelineInTest({
      known: { [UNRELATED]: NO_RELATIONSHIP },
      execute: async () => ({ data: { child: null }, errors: [] }),
    });
    await pipeline(
      requestFor('query ($id: ID!) { ... { child(id: $id) { familyName } } }', {
        variables: { id: UNRELATED },
      }),
    );
    expect(log.events[0]?.subjects).toMatchObject([{ child: UNRELATED, released: ['Child.familyName'] }]);
  });

  test('without a child needs no purpose, and none is decided', async () => {
    const { pipeline, log, used } = pipelineInTest({
      execute: async () => ({ data: { me: { id: 'p' } }, errors: [] }),
    });
    const response = await pipeline(
      requestFor('{ me { id } }', { headers: { purpose: undefined, reason: undefined } }),
    );
    expect(response.body).toEqual({ data: { me: { id: 'p' } } });
    expect(log.events[0]).toMatchObject({ outcome: 'RELEASED', subjects: [] });
    expect(log.events[0]).not.toHaveProperty('policySet');
    expect(used).toEqual(['p-social-worker']);
  });
});

describe('the log holds no value', () => {
  test.each<[string, string, Asking]>([
    ['variables', VIEW, { variables: { id: JOINED, name: CANARY, deep: { [CANARY]: [CANARY] } } }],
    [
      'literals',
      `{ findChildren(criteria: { familyName: "${CANARY}", givenName: "A", dateOfBirth: "2015-01-01" }) { candidates { score } } }`,
      { variables: {} },
    ],
    ['variables of the wrong shape', VIEW, { variables: { id: { name: CANARY } } }],
    ['an operation that does not parse', `{ child(id: "${CANARY}"`, {}],
    ['an operation that is not valid', `{ child(id: ${CANARY}) { id } }`, {}],
  ])('neither of %s nor of the answer', async (_case, query, asking) => {
    const answer = { data: { child: { familyName: CANARY } }, errors: [] };
    const { pipeline, log, lines } = pipelineInTest({
      known: { [JOINED]: ALLOCATED },
      execute: fetching(JOINED, answer),
    });
    await pipeline(requestFor(query, asking));
    expect(log.leaves).toHaveLength(1);
    expect(new TextDecoder().decode(log.leaves[0])).not.toContain(CANARY);
    expect(lines.join('')).not.toContain(CANARY);
  });

  test('the same variables have the same digest, others another', async () => {
    const { pipeline, log } = pipelineInTest({ known: { [JOINED]: ALLOCATED, [UNRELATED]: ALLOCATED } });
    for (const id of [JOINED, JOINED, UNRELATED]) await pipeline(requestFor(VIEW, { variables: { id } }));
    const [first, second, third] = log.events.map(({ variables }) => variables?.digest);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });
});

describe('a refusal', () => {
  const lapsed = { ...principalOf('social-worker'), trainingPassedOn: null };
  const principals = {
    worker: principalOf('social-worker'),
    lapsed,
    auditor: principalOf('auditor'),
    unknown: null,
  };

  test.each<[string, string, Asking, string]>([
    [
      'accreditation lapsed',
      VIEW,
      { headers: { authorization: 'Bearer lapsed' } },
      '403 ACCREDITATION_LAPSED',
    ],
    [
      'an account accreditation does not know',
      VIEW,
      { headers: { authorization: 'Bearer unknown' } },
      '401 UNAUTHENTICATED',
    ],
    ['no purpose', VIEW, { headers: { purpose: undefined } }, '403 PURPOSE_OF_USE_REQUIRED'],
    ['an unknown purpose', VIEW, { headers: { purpose: 'constructor' } }, '403 PURPOSE_OF_USE_REQUIRED'],
    ['no reason', VIEW, { headers: { reason: 'short' } }, '403 ACCESS_REASON_REQUIRED'],
    ['an unknown override', VIEW, { headers: { override: 'please' } }, '403 ACCESS_REASON_REQUIRED'],
    ['on behalf of nobody known', VIEW, { headers: { onBehalfOf: 'x.y.z' } }, '401 UNAUTHENTICATED'],
    ['on behalf of nobody', VIEW, { headers: { onBehalfOf: '' } }, '401 UNAUTHENTICATED'],
    ['on one’s own behalf', VIEW, { headers: { onBehalfOf: 'worker' } }, '400 BAD_REQUEST'],
    ['no GraphQL', 'nothing', {}, '400 GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ nowhere }', {}, '400 GRAPHQL_VALIDATION_FAILED'],
    ['a subscription', 'subscription { anything }', {}, '400 GRAPHQL_VALIDATION_FAILED'],
    ['an unknown operation name', VIEW, { operationName: 'Other' }, '400 OPERATION_RESOLUTION_FAILURE'],
    ['too complex', `{ ${'me { id } '.repeat(21)} }`, {}, '400 OPERATION_TOO_COMPLEX'],
    ['variables missing', VIEW, { variables: {} }, '400 BAD_USER_INPUT'],
    ['variables of the wrong shape', VIEW, { variables: { id: { a: 1 } } }, '400 BAD_USER_INPUT'],
    [
      'variables of any depth',
      VIEW,
      { variables: { id: JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) } },
      '400 BAD_USER_INPUT',
    ],
    ['facts out of reach', VIEW, { variables: { id: UNRELATED } }, '503 ACCESS_UNDECIDED'],
  ])('is one event and no data: %s', async (_case, query, asking, expected) => {
    const { pipeline, log } = pipelineInTest({ principals, known: { [JOINED]: ALLOCATED } });
    const response = await pipeline(requestFor(query, asking));
    expect(code(response)).toBe(expected);
    expect(response.body).not.toHaveProperty('data');
    expect(log.events).toHaveLength(1);
    expect(log.events[0]).toMatchObject({
      practitioner: `p-${asking.headers?.authorization?.slice(7) ?? 'worker'}`,
      outcome: 'REFUSED',
      refusal: { code: expected.slice(4) },
    });
    expect(response.headers['access-log']).toBe('log.example 0');
  });

  test('names the requirement, for the caller and for the log', async () => {
    const { pipeline, log, used } = pipelineInTest({ principals });
    const response = await pipeline(requestFor(VIEW, { headers: { authorization: 'Bearer lapsed' } }));
    expect(response.body.errors?.[0]?.extensions).toMatchObject({ requirement: 'TRAINING' });
    expect(log.events[0]).toMatchObject({
      refusal: { detail: 'TRAINING' },
      role: 'social-worker',
      purpose: 'S47',
    });
    expect(used).toEqual([]);
  });

  test('a request that no transport could read is attributed and recorded', async () => {
    const errors = [{ message: 'The body is larger than 1 MB', extensions: { code: 'BAD_REQUEST' } }];
    const change = { operation: { kind: 'unreadable', status: 413, errors } } as const;
    const { pipeline, log } = pipelineInTest();
    const response = await pipeline(requestFor('', { change }));
    expect(response).toMatchObject({ status: 413, body: { errors } });
    expect(log.events[0]).toMatchObject({ practitioner: 'p-worker', refusal: { code: 'BAD_REQUEST' } });
    expect(log.events[0]).not.toHaveProperty('operation');
  });

  test('what a caller states is recorded as it was judged, whatever blanks are around it', async () => {
    const { pipeline, log } = pipelineInTest({ known: { [JOINED]: ALLOCATED } });
    const blanks = '\u3000'.repeat(500);
    await pipeline(
      requestFor(VIEW, {
        headers: { reason: `${blanks}a referral of this morning`, purpose: `${blanks}S47` },
      }),
    );
    expect(log.events[0]).toMatchObject({
      purpose: 'S47',
      reason: 'a referral of this morning',
    });
  });

  test('the application is the one of the token, where the request calls itself another', async () => {
    const { pipeline, log } = pipelineInTest({ known: { [JOINED]: ALLOCATED } });
    await pipeline(requestFor(VIEW, { change: { client: 'somebody else' } }));
    expect(log.events[0]?.client).toBe('token-client');
  });

  test('an error from below is a number to the caller, and no message to anyone', async () => {
    const { pipeline, log, lines } = pipelineInTest({
      known: { [JOINED]: ALLOCATED },
      execute: async () => {
        throw new Error(`cannot read "${CANARY}"`, { cause: new TypeError(`Unexpected token in ${CANARY}`) });
      },
    });
    const response = await pipeline(requestFor(VIEW));
    expect(code(response)).toBe('500 INTERNAL_SERVER_ERROR');
    const correlationId = response.body.errors?.[0]?.extensions?.['correlationId'];
    expect(correlationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(log.events[0]?.refusal).toEqual({ code: 'INTERNAL_SERVER_ERROR', detail: correlationId });
    expect(lines.join('')).toContain(String(correlationId));
    expect(lines.join('')).toContain('TypeError');
    expect(JSON.stringify([response.body, lines])).not.toContain(CANARY);
  });
});
