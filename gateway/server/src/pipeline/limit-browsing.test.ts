import type { ExecuteInput, ExecutionResult } from '@contactpoint/executor/execution';
import { beforeEach, describe, expect, test } from 'vitest';
import { createBrowseGuard } from '../browse-guard/browse-guard.ts';
import { createInProcessCounters } from '../browse-guard/counters.ts';
import { type BrowseLimits, DEFAULT_LIMITS } from '../browse-guard/limits.ts';
import type { Overrides } from '../subgraphs/overrides.ts';
import {
  ALLOCATED,
  JOINED,
  NOW,
  principalOf,
  SHIELDED,
  TEAM_SHIELDED,
  UNRELATED,
} from '../testing/personas.ts';
import { type Asking, pipelineInTest, requestFor } from '../testing/pipeline.ts';

const CANARY = 'Featherstonehaugh';
const LIMITS: BrowseLimits = { recordsPerHour: 2, recordsPerDay: 50, childrenPerDay: 50, missesPerHour: 2 };
const known = { [JOINED]: ALLOCATED, [SHIELDED]: TEAM_SHIELDED, [UNRELATED]: ALLOCATED };
const principals = {
  worker: principalOf('social-worker'),
  teacher: principalOf('teacher'),
  screener: principalOf('mash-screener'),
};

/** Runs as the executor does, with the children that the query's variables name. */
let ran: number;
let result: ExecutionResult;
let reached: readonly string[];
beforeEach(() => {
  ran = 0;
  reached = [JOINED];
  result = { data: { child: { familyName: CANARY } }, errors: [] };
});

async function execute({ hooks }: ExecuteInput): Promise<ExecutionResult> {
  ran++;
  const coordinates = [{ subjectField: 'Child.familyName', coordinate: 'Child.familyName' }];
  await hooks.beforeRelease(reached.map((id) => ({ id, type: 'Child', coordinates })));
  return result;
}

function guarded() {
  const browseGuard = createBrowseGuard({
    counters: createInProcessCounters(),
    limits: { ...DEFAULT_LIMITS, 'social-worker': LIMITS, 'mash-screener': LIMITS },
    now: () => NOW,
  });
  const overrides: Overrides = {
    open: async (_caller, child) => ({
      window: { child, evt: 'a'.repeat(64), until: new Date(NOW.getTime() + 3_600_000).toISOString() },
    }),
    close: async () => {},
  };
  const inTest = pipelineInTest({ principals, known, execute, parts: { browseGuard, overrides } });
  return {
    ...inTest,
    ask: async (children: readonly string[], query = VIEW, asking: Asking = {}) => {
      reached = children;
      return await inTest.pipeline(requestFor(query, asking));
    },
  };
}

const VIEW = 'query ($id: ID!) { child(id: $id) { familyName } }';
const SHIELD = 'mutation ($id: ID!) { shieldChild(id: $id, reason: "violence at home") { familyName } }';

describe('over the limit', () => {
  test('an answer leaves nothing of itself, is on record as withheld, and the next one is not executed', async () => {
    const { ask, log } = guarded();
    const response = await ask([JOINED, SHIELDED, UNRELATED]);
    expect(response).toMatchObject({ status: 429, headers: { 'retry-after': '3660' } });
    expect(response.body).toEqual({
      errors: [
        {
          message: expect.any(String),
          extensions: { code: 'RECORD_LIMIT_EXCEEDED', limit: 'recordsPerHour', retryAfter: 3_660 },
        },
      ],
    });
    expect(JSON.stringify(response)).not.toContain(CANARY);
    expect(log.events[0]).toMatchObject({
      outcome: 'REFUSED',
      refusal: { code: 'RECORD_LIMIT_EXCEEDED', detail: 'recordsPerHour' },
    });
    const { subjects = [] } = log.events[0] ?? {};
    expect(subjects.map(({ child }) => child)).toEqual([JOINED, SHIELDED, UNRELATED]);
    expect(subjects.flatMap(({ released }) => released)).toEqual([]);

    expect((await ask([JOINED])).status).toBe(429);
    expect(ran).toBe(1);
    expect(log.events[1]).toMatchObject({
      refusal: { code: 'RECORD_LIMIT_EXCEEDED' },
      jtis: ['principal-jti'],
    });
  });

  test('an operation without a child is answered, and so is another practitioner', async () => {
    const { ask } = guarded();
    await ask([JOINED, SHIELDED, UNRELATED]);
    result = { data: { me: { id: 'p' } }, errors: [] };
    expect((await ask([], '{ me { id } }')).status).toBe(200);
    const teacher = { authorization: 'Bearer teacher', purpose: 'ED' };
    expect((await ask([JOINED], VIEW, { headers: teacher })).status).toBe(200);
  });

  test('a mutation does not run', async () => {
    const { ask, log } = guarded();
    await ask([JOINED, SHIELDED, UNRELATED]);
    expect((await ask([], SHIELD)).status).toBe(429);
    expect(ran).toBe(1);
    expect(log.events.map(({ kind }) => kind)).toEqual(['access', 'access']);
  });

  test('break-glass goes on for its one child, and for nobody who comes along', async () => {
    const { ask } = guarded();
    const headers = { authorization: 'Bearer screener', override: 'break-glass' };
    const plain = { headers: { authorization: 'Bearer screener' } };
    expect((await ask([JOINED, SHIELDED, UNRELATED], VIEW, plain)).status).toBe(429);
    expect((await ask([JOINED], VIEW, plain)).status).toBe(429);
    expect((await ask([JOINED], VIEW, { headers })).body).toEqual({ data: result.data });
    expect((await ask([JOINED, SHIELDED], VIEW, { headers })).status).toBe(429);
    const search = `query ($id: ID!) { child(id: $id) { familyName } findChildren(criteria: {
      familyName: "A", givenName: "B", dateOfBirth: "2014-02-03" }) { candidates { score } } }`;
    result = { data: { ...result.data, findChildren: { candidates: null } }, errors: [] };
    expect((await ask([JOINED], search, { headers })).status).toBe(429);
    result = { data: { ...result.data, findChildren: { candidates: [{ score: 1 }] } }, errors: [] };
    expect((await ask([JOINED], search, { headers })).status).toBe(429);
  });
});

describe('what counts', () => {
  test('a mutation does, by the child it names, before it runs', async () => {
    const { ask } = guarded();
    result = { data: { shieldChild: { familyName: CANARY } }, errors: [] };
    for (const id of [JOINED, SHIELDED])
      expect((await ask([id], SHIELD, { variables: { id } })).status).toBe(200);
    expect((await ask([UNRELATED], SHIELD, { variables: { id: UNRELATED } })).status).toBe(429);
    expect(ran).toBe(2);
  });

  test('an answer does even where it could not be recorded and was not given', async () => {
    const { ask, log } = guarded();
    log.failing = true;
    expect((await ask([JOINED, SHIELDED])).status).toBe(503);
    log.failing = false;
    expect((await ask([UNRELATED])).status).toBe(429);
  });

  test('misses do: what was not found, and that alone', async () => {
    const { ask, log } = guarded();
    result = { data: { child: null }, errors: [] };
    for (const id of [JOINED, JOINED, SHIELDED])
      expect((await ask([], VIEW, { variables: { id } })).status).toBe(200);
    const response = await ask([], VIEW, { variables: { id: UNRELATED } });
    expect(response.body.errors?.[0]?.extensions).toMatchObject({ limit: 'missesPerHour' });
    expect(log.events.map(({ searches }) => searches)).toEqual(
      log.events.map(() => ({ asked: 0, missed: 1 })),
    );
  });
});

test('a count out of reach refuses before anything is fetched', async () => {
  const counters = {
    add: async () => {
      throw new Error('gone');
    },
    reachable: () => false,
    close: () => {},
  };
  const browseGuard = createBrowseGuard({
    counters,
    limits: DEFAULT_LIMITS,
    now: () => NOW,
  });
  const { pipeline, executed } = pipelineInTest({ known, execute, parts: { browseGuard } });
  const response = await pipeline(requestFor(VIEW));
  expect([response.status, response.body.errors?.[0]?.extensions?.['code']]).toEqual([
    503,
    'ACCESS_UNDECIDED',
  ]);
  expect(executed).toEqual([]);
});
