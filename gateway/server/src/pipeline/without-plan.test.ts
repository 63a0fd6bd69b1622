import { createExecutor } from '@contactpoint/executor/executor';
import { PlanError } from '@contactpoint/executor/planning/plan-error';
import { PLAN_LIMITS } from '@contactpoint/executor/planning/plan-size';
import { PlannerFailure } from '@contactpoint/executor/planning/planner-failure';
import { expect, test } from 'vitest';
import { contractSupergraph, contractSupergraphSdl } from '../testing/contract-supergraph.ts';
import { atBest } from '../testing/decisions.ts';
import { pipelineInTest, requestFor, VIEW } from '../testing/pipeline.ts';
import { createPlanner } from './plan.ts';

const loaded = contractSupergraph();

const JOINED_VIEW = 'query View($id: ID!) { child(id: $id) { familyName attendance { academicYear } } }';

/** A pipeline whose executor does as it is told where an operation is prepared. */
function preparing(prepare: typeof loaded.executor.prepare) {
  const supergraph = { ...loaded, executor: { ...loaded.executor, prepare } };
  return pipelineInTest({ parts: { planner: createPlanner(supergraph, atBest) } });
}

test('a plan that is too large is refused like every operation that is, and recorded', async () => {
  const small = createExecutor({
    supergraphSdl: contractSupergraphSdl(),
    endpoints: loaded.endpoints,
    subjectTypes: loaded.subjectTypes,
    planLimits: { ...PLAN_LIMITS, planFetches: 1 },
  });
  const { pipeline, log, lines, executed } = preparing((input) => small.prepare(input));
  const response = await pipeline(requestFor(JOINED_VIEW));
  await small.close();
  expect(response).toEqual({
    status: 400,
    headers: { 'cache-control': 'no-store', 'access-log': 'log.example 0' },
    body: {
      errors: [
        {
          message: 'The plan of the operation passes the limit of 1 planFetches',
          extensions: { code: 'OPERATION_TOO_COMPLEX', limit: 'planFetches' },
        },
      ],
    },
  });
  expect(log.events).toMatchObject([
    {
      outcome: 'REFUSED',
      refusal: { code: 'OPERATION_TOO_COMPLEX', detail: 'planFetches' },
      operation: { name: 'View' },
    },
  ]);
  expect([executed, lines]).toEqual([[], []]);
});

test.each<[string, 'NO_PLAN' | 'NO_PLANNER', number, string, string | undefined]>([
  ['has no plan', 'NO_PLAN', 501, 'OPERATION_NOT_PLANNABLE', undefined],
  ['cannot be planned now', 'NO_PLANNER', 503, 'PLANNER_UNAVAILABLE', '1'],
])(
  'an operation that %s is told so, recorded, and left to the operator without a value',
  async (...given) => {
    const [, planCode, status, code, retryAfter] = given;
    const { pipeline, log, lines, executed } = preparing(() => {
      const cause = new PlannerFailure('REFUSED', 'no way to "Featherstonehaugh"');
      throw new PlanError(planCode, 'No plan', { cause });
    });
    const response = await pipeline(requestFor(VIEW));
    const { correlationId, ...extensions } = response.body.errors?.[0]?.extensions ?? {};
    expect([response.status, response.headers['retry-after'], response.body.data]).toEqual([
      status,
      retryAfter,
      undefined,
    ]);
    expect(extensions).toMatchObject({ code });
    expect(log.events).toMatchObject([{ outcome: 'REFUSED', refusal: { code, detail: correlationId } }]);
    expect(executed).toEqual([]);
    const [line = '', ...others] = lines;
    expect(others).toEqual([]);
    expect(JSON.parse(line)).toMatchObject({
      correlationId,
      operation: log.events[0]?.operation?.hash,
      err: { type: 'PlanError', code: planCode, cause: { type: 'PlannerFailure', code: 'REFUSED' } },
    });
    expect(JSON.stringify([response, lines])).not.toContain('Featherstonehaugh');
  },
);
