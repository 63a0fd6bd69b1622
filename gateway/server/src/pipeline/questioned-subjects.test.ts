import { describe, expect, test } from 'vitest';
import type { ChildNumbers } from '../subgraphs/child-numbers.ts';
import { principalOf } from '../testing/personas.ts';
import { memoryLog, type PipelineSetting, pipelineInTest, requestFor } from '../testing/pipeline.ts';
import { createOwedEvents } from './owed-events.ts';

const CHILD = '0123456789ABCDEF';
const AUDITOR = { principals: { worker: principalOf('auditor') } };
const bare = { purpose: undefined, reason: undefined };

const STATEMENT = 'query ($id: ID!) { accessStatement(childId: $id) { childId } }';
const PLACE = 'mutation ($hold: LawfulHoldInput!) { placeLawfulHold(hold: $hold) { id } }';
const END = 'mutation ($id: ID!) { endLawfulHold(childId: $id, id: "h") { id } }';
const EVENTS = 'query ($id: ID) { accessEvents(filter: { childId: $id }) { endCursor } }';

async function asked(query: string, variables: object, setting: PipelineSetting = AUDITOR) {
  const inTest = pipelineInTest(setting);
  const answer = await inTest.pipeline(requestFor(query, { headers: bare, variables: { ...variables } }));
  return { answer, ...inTest };
}

describe('a question to the log that names a child', () => {
  test.each([
    ['a statement', STATEMENT, { id: CHILD }, 'Query.accessStatement'],
    ['events', EVENTS, { id: CHILD }, 'Query.accessEvents'],
  ])('is on record with the child: %s', async (_case, query, variables, coordinate) => {
    const { log } = await asked(query, variables);
    expect(log.events).toMatchObject([
      { kind: 'access', subjects: [{ child: CHILD, released: [coordinate], withheld: [], policies: [] }] },
    ]);
  });

  test.each([
    ['placing a hold', PLACE, { hold: { childId: CHILD, reference: 'Order 1' } }, 'Mutation.placeLawfulHold'],
    ['ending one', END, { id: CHILD }, 'Mutation.endLawfulHold'],
  ])('is on record with the child before and after: %s', async (_case, query, variables, coordinate) => {
    const { log } = await asked(query, variables);
    const subjects = [{ child: CHILD, released: [coordinate], withheld: [], policies: [] }];
    expect(log.events).toMatchObject([
      { kind: 'intent', subjects },
      { kind: 'outcome', subjects, intentIndex: 0n },
    ]);
  });

  test('is owed with the child where the log does not take it', async () => {
    const log = memoryLog();
    const owed = createOwedEvents(log);
    log.failing = true;
    const { answer } = await asked(STATEMENT, { id: CHILD }, { ...AUDITOR, parts: { log, owed } });
    expect(answer.status).toBe(503);
    log.failing = false;
    await owed.settle();
    expect(log.events).toMatchObject([
      { refusal: { code: 'AUDIT_UNAVAILABLE' }, subjects: [{ child: CHILD }] },
    ]);
  });

  test.each([
    ['a statement', STATEMENT, { id: CHILD }, 'Query.accessStatement'],
    ['a hold', PLACE, { hold: { childId: CHILD, reference: 'Order 1' } }, 'Mutation.placeLawfulHold'],
  ])(
    'is on record as refused where the scope is missing: %s',
    async (_case, query, variables, coordinate) => {
      const { log, executed } = await asked(query, variables, {});
      const subjects = [{ child: CHILD, released: [], withheld: [coordinate], policies: [] }];
      expect(log.events).toMatchObject([{ kind: 'access', subjects }]);
      expect(executed.filter(() => query === PLACE)).toEqual([]);
    },
  );

  test('names nobody where what was written is no number', async () => {
    const { log } = await asked(STATEMENT, { id: 'Anna Smith, 14' });
    expect(log.events).toMatchObject([{ subjects: [] }]);
  });

  test('is refused while nobody can say under which numbers the child is known', async () => {
    const childNumbers = { find: async () => Promise.reject(new Error('directory is down')) };
    for (const [query, variables] of [
      [STATEMENT, { id: CHILD }],
      [PLACE, { hold: { childId: CHILD, reference: 'Order 1' } }],
    ] as const) {
      const { answer, executed, log } = await asked(query, variables, {
        ...AUDITOR,
        parts: { childNumbers },
      });
      expect([answer.status, executed]).toEqual([503, []]);
      expect(log.events.map(({ refusal }) => refusal?.code)).toEqual(['ACCESS_UNDECIDED']);
    }
  });

  test('names the grant under which the directory was asked', async () => {
    const find: ChildNumbers['find'] = async (children, _evt, onQuestion) => {
      onQuestion('jti-of-numbers');
      return Object.fromEntries(children.map((child) => [child, [child]]));
    };
    const { log } = await asked(STATEMENT, { id: CHILD }, { ...AUDITOR, parts: { childNumbers: { find } } });
    expect(log.events.map(({ jtis }) => jtis)).toEqual([expect.arrayContaining(['jti-of-numbers'])]);
  });

  test('asks the directory for nobody where none is named', async () => {
    const childNumbers = { find: async () => Promise.reject(new Error('asked')) };
    const { answer } = await asked('{ checkpoints { origin } }', {}, { ...AUDITOR, parts: { childNumbers } });
    expect(answer.status).toBe(200);
  });
});
