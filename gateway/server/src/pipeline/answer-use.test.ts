import { describe, expect, test } from 'vitest';
import type { OwnAnswers } from '../subgraphs/own-answers.ts';
import { contractSupergraph } from '../testing/contract-supergraph.ts';
import { JOINED, principalOf } from '../testing/personas.ts';
import { type PipelineSetting, pipelineInTest, requestFor } from '../testing/pipeline.ts';

const MUTATION = `mutation Copy($origin: String!, $index: String!, $use: AnswerUse!) {
  recordAnswerUse(origin: $origin, index: $index, use: $use) }`;
const RECEIPT = { origin: 'log.example', index: '7', use: 'PRINTED' };
const RELEASED = [{ child: JOINED, released: ['Child.familyName', 'Query.child'] }];

/** Oversight that knows one answer of `p-social-worker`. */
const ownAnswers: OwnAnswers = {
  async find(practitionerId, { origin, index }, _evt, onQuestion) {
    onQuestion('own-answer-jti');
    return practitionerId === 'p-social-worker' && origin === RECEIPT.origin && index === RECEIPT.index
      ? RELEASED
      : undefined;
  },
};

async function record(variables: object, setting: PipelineSetting = {}, answers = ownAnswers) {
  const inTest = pipelineInTest({
    execute: async () => ({ data: { recordAnswerUse: true }, errors: [] }),
    ...setting,
    parts: { supergraph: contractSupergraph(), ownAnswers: answers, ...setting.parts },
  });
  const headers = { purpose: undefined, reason: undefined };
  const answer = await inTest.pipeline(
    requestFor(MUTATION, { headers, variables: { ...RECEIPT, ...variables } }),
  );
  return { ...inTest, answer };
}

describe('recordAnswerUse', () => {
  test('names the answer and its children, before it is done and after', async () => {
    const { log, answer } = await record({});
    expect(answer).toMatchObject({ status: 200, headers: { 'access-log': 'log.example 1' } });
    const event = {
      practitioner: 'p-worker',
      usedAnswer: RECEIPT,
      subjects: [
        {
          child: JOINED,
          released: ['Child.familyName', 'Mutation.recordAnswerUse', 'Query.child'],
          withheld: [],
        },
      ],
    };
    expect(log.events).toMatchObject([
      { kind: 'intent', ...event },
      { kind: 'outcome', ...event },
    ]);
    expect(log.events[0]?.jtis).toContain('own-answer-jti');
  });

  test('an answer without children is copied on record as well', async () => {
    const { log } = await record({}, {}, { find: async () => [] });
    expect(log.events).toMatchObject([
      { kind: 'intent', usedAnswer: RECEIPT, subjects: [] },
      { kind: 'outcome', usedAnswer: RECEIPT, subjects: [] },
    ]);
  });

  const OTHER = { principals: { worker: { ...principalOf('social-worker'), practitionerId: 'p-other' } } };

  test.each<[string, object, PipelineSetting]>([
    ["somebody else's receipt", {}, OTHER],
    ['a receipt that there is not', { index: '8' }, {}],
    ['a log that there is not', { origin: 'log.elsewhere' }, {}],
    ['no index', { index: '7; drop' }, {}],
    ['an index before all', { index: '-1' }, {}],
    ['an index written otherwise', { index: '07' }, {}],
    ['no origin', { origin: 'log.example\0' }, {}],
    ['an endless origin', { origin: 'o'.repeat(201) }, {}],
  ])('refuses alike %s', async (_case, variables, setting) => {
    const { answer, log, executed } = await record(variables, setting);
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual({
      errors: [
        {
          message: 'There is no such answer of the caller',
          extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'POLICY' },
        },
      ],
    });
    expect(executed).toEqual([]);
    expect(log.events).toMatchObject([{ kind: 'access', outcome: 'REFUSED', subjects: [] }]);
    expect(log.events[0]).not.toHaveProperty('usedAnswer');
  });

  test.each<[string, object]>([
    ['no index', { index: '7; drop' }],
    ['an endless origin', { origin: 'o'.repeat(201) }],
    ['an origin in two lines', { origin: 'log\nexample' }],
  ])('nobody is asked about %s', async (_case, variables) => {
    const asked: unknown[] = [];
    const find: OwnAnswers['find'] = async (_practitioner, receipt) => {
      asked.push(receipt);
      return RELEASED;
    };
    const { answer } = await record(variables, {}, { find });
    expect([answer.status, asked]).toEqual([403, []]);
  });

  test('is refused while nobody can say whose answer it is', async () => {
    const find = async () => {
      throw new Error('connection refused');
    };
    const { answer, executed } = await record({}, {}, { find });
    expect([answer.status, answer.body.errors?.[0]?.extensions?.['code']]).toEqual([503, 'ACCESS_UNDECIDED']);
    expect(executed).toEqual([]);
  });

  test('is not done where it cannot be kept', async () => {
    const failing = pipelineInTest({ parts: { ownAnswers } });
    failing.log.failing = true;
    const { status } = await failing.pipeline(requestFor(MUTATION, { variables: RECEIPT }));
    expect([status, failing.executed]).toEqual([503, []]);
  });

  test('one operation takes one answer along', async () => {
    const { pipeline, executed } = pipelineInTest({ parts: { ownAnswers } });
    const twice = `mutation { one: recordAnswerUse(origin: "log.example", index: "7", use: COPIED)
      two: recordAnswerUse(origin: "log.example", index: "9", use: COPIED) }`;
    expect((await pipeline(requestFor(twice))).body.errors?.[0]?.extensions).toEqual({
      code: 'OPERATION_TOO_COMPLEX',
      limit: 'mutationFields',
    });
    expect(executed).toEqual([]);
  });
});
