import { setImmediate } from 'node:timers/promises';
import type { ExecuteInput } from '@contactpoint/executor/execution';
import { describe, expect, test } from 'vitest';
import { factsSource } from '../testing/decisions.ts';
import { ALLOCATED, JOINED, NOW, principalOf } from '../testing/personas.ts';
import { pipelineInTest, requestFor, VIEW } from '../testing/pipeline.ts';

const MINUTE = 60_000;
const data = { child: { familyName: 'Featherstonehaugh' } };
const known = { [JOINED]: ALLOCATED };
const END =
  'mutation End($id: ID!) { endInvolvement(childId: $id, id: "i1", endedOn: "2026-01-01") { familyName } }';

describe('when the log cannot be written', () => {
  test('nobody gets any data, though it was there', async () => {
    const { pipeline, log, executed } = pipelineInTest({
      known,
      execute: async () => ({ data, errors: [] }),
    });
    log.failing = true;
    const response = await pipeline(requestFor(VIEW));
    expect(executed).toHaveLength(1);
    expect(response).toEqual({
      status: 503,
      headers: { 'cache-control': 'no-store' },
      body: {
        errors: [{ message: 'The access could not be recorded', extensions: { code: 'AUDIT_UNAVAILABLE' } }],
      },
    });

    log.failing = false;
    expect((await pipeline(requestFor(VIEW))).body).toEqual({ data });
  });

  test('a refusal is not answered as one either', async () => {
    const { pipeline, log } = pipelineInTest();
    log.failing = true;
    expect((await pipeline(requestFor(VIEW, { headers: { purpose: undefined } }))).status).toBe(503);
    expect((await pipeline(requestFor(VIEW, { headers: { authorization: undefined } }))).status).toBe(503);
  });

  test('one part that is not kept is as bad as none', async () => {
    const coordinates = Array.from({ length: 5_000 }, (_, index) => ({
      subjectField: 'Child.familyName',
      coordinate: `Type${index}.withALongName${'x'.repeat(40)}`,
    }));
    const execute = async ({ hooks }: ExecuteInput) => {
      await hooks.beforeRelease([{ id: JOINED, type: 'Child', coordinates }]);
      return { data, errors: [] };
    };
    const { pipeline, log } = pipelineInTest({ known, execute });
    await pipeline(requestFor(VIEW));
    expect(log.leaves.length).toBeGreaterThan(1);

    const append = log.append.bind(log);
    let kept = 0;
    log.append = async (leaf) =>
      ++kept === 2 ? Promise.reject(new Error('the disk is full')) : append(leaf);
    const response = await pipeline(requestFor(VIEW));
    expect(response.status).toBe(503);
    expect(response.body).not.toHaveProperty('data');
  });
});

describe('a mutation', () => {
  test('of two deeds does neither, and of one under a name of its own does it', async () => {
    const { pipeline, executed, log } = pipelineInTest({ known });
    const deed = 'endInvolvement(childId: $id, id: "i1", endedOn: "2026-01-01") { familyName }';
    for (const two of [
      `mutation ($id: ID!) { ${deed} b: ${deed} }`,
      `mutation ($id: ID!) { ...F b: ${deed} } fragment F on Mutation { ... { a: ${deed} } }`,
      `mutation ($id: ID!) { ${deed} b: ${deed.replace(' {', ' @skip(if: true) {')} }`,
    ]) {
      const { status, body } = await pipeline(requestFor(two));
      expect([status, body.errors?.[0]?.extensions]).toEqual([
        400,
        { code: 'OPERATION_TOO_COMPLEX', limit: 'mutationFields' },
      ]);
    }
    expect(executed).toEqual([]);
    expect(log.events.map(({ kind, outcome }) => [kind, outcome])).toEqual(
      Array(3).fill(['access', 'REFUSED']),
    );
    await pipeline(requestFor(`mutation ($id: ID!) { __typename a: ${deed} ... { a: ${deed} } }`));
    expect(executed).toHaveLength(1);
  });

  test('is on record as intent before it runs, and as outcome before it is answered', async () => {
    let before: readonly string[] = [];
    const inTest = pipelineInTest({
      known,
      execute: async () => {
        before = inTest.log.events.map(({ kind }) => kind);
        return { data: { endInvolvement: null }, errors: [] };
      },
    });
    const response = await inTest.pipeline(requestFor(END));
    expect(before).toEqual(['intent']);
    const [intent, outcome] = inTest.log.events;
    expect(intent).toMatchObject({ kind: 'intent', practitioner: 'p-worker', subjects: [{ child: JOINED }] });
    expect(intent).not.toHaveProperty('intentIndex');
    expect(outcome).toMatchObject({ kind: 'outcome', intentIndex: 0n, subjects: [{ child: JOINED }] });
    expect(response.headers['access-log']).toBe('log.example 1');
  });

  test.each<[string, string, boolean, number]>([
    ['it ran', END, false, 1],
    ['it failed, perhaps after it ran', END, true, 1],
    ['nothing but a query ran', VIEW, false, 0],
  ])('ends what was believed before: %s', async (_case, query, isFailing, times) => {
    let told = 0;
    const { pipeline } = pipelineInTest({
      known,
      execute: async () => {
        if (isFailing) throw new Error('the connection broke');
        return { data: { endInvolvement: null, ...data }, errors: [] };
      },
      parts: {
        onMutation: () => {
          told += 1;
        },
      },
    });
    await pipeline(requestFor(query));
    expect(told).toBe(times);
  });

  test('is answered by facts that were asked for after the deed, which may have changed them', async () => {
    const order: string[] = [];
    const facts = factsSource(known);
    const { pipeline } = pipelineInTest({
      parts: {
        facts: {
          ...facts,
          find(caller, children, onQuestion, anew) {
            order.push(`${anew === true ? 'new' : 'any'} facts of ${children.join()}`);
            return facts.find(caller, children, onQuestion, anew);
          },
        },
      },
      execute: async ({ hooks }) => {
        await setImmediate();
        order.push('deed');
        const coordinates = [{ subjectField: 'Child.familyName', coordinate: 'Child.familyName' }];
        await hooks.beforeRelease([{ id: JOINED, type: 'Child', coordinates }]);
        return { data: { endInvolvement: data.child }, errors: [] };
      },
    });
    await pipeline(requestFor(END));
    expect(order).toEqual([`any facts of ${JOINED}`, 'deed', `new facts of ${JOINED}`]);
  });

  test('does not run where its intent cannot be kept', async () => {
    const { pipeline, log, executed } = pipelineInTest({ known });
    log.failing = true;
    expect((await pipeline(requestFor(END))).status).toBe(503);
    expect(executed).toEqual([]);
  });

  test('does not run where nobody can say whether the child may be touched', async () => {
    const { pipeline, executed } = pipelineInTest({ known: {} });
    expect((await pipeline(requestFor(END))).status).toBe(503);
    expect(executed).toEqual([]);
  });

  test('is not answered where its outcome cannot be kept', async () => {
    const inTest = pipelineInTest({
      known,
      execute: async () => {
        inTest.log.failing = true;
        return { data: { endInvolvement: data.child }, errors: [] };
      },
    });
    const response = await inTest.pipeline(requestFor(END));
    expect(response.status).toBe(503);
    expect(response.body).not.toHaveProperty('data');
    expect(inTest.log.events.map(({ kind }) => kind)).toEqual(['intent']);
  });

  test('of which a part is refused does not run, and has no intent', async () => {
    const { pipeline, log, executed } = pipelineInTest({ known });
    const query = END.replace('familyName', 'familyName conditions { name }');
    const response = await pipeline(requestFor(query));
    expect(response.body.data).toBeNull();
    expect(response.body.errors?.[0]).toMatchObject({
      path: ['endInvolvement', 'conditions'],
      extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'POLICY' },
    });
    expect(executed).toEqual([]);
    expect(log.events).toMatchObject([
      { kind: 'access', outcome: 'REFUSED', refusal: { detail: 'POLICY' }, subjects: [{ child: JOINED }] },
    ]);
  });

  test('that goes wrong is an outcome as well', async () => {
    const execute = async () => Promise.reject(new Error('the subgraph answered nonsense'));
    const { pipeline, log } = pipelineInTest({ known, execute });
    expect((await pipeline(requestFor(END))).status).toBe(500);
    expect(log.events.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      'intent RELEASED',
      'outcome REFUSED',
    ]);
  });

  test('runs to its end though the caller has left', async () => {
    const { pipeline, executed } = pipelineInTest({ known });
    const change = { signal: AbortSignal.abort() };
    await pipeline(requestFor(END, { change }));
    await pipeline(requestFor(VIEW, { change }));
    expect(executed.map(({ signal }) => signal?.aborted)).toEqual([undefined, true]);
  });
});

describe('callers who are never known', () => {
  test('are refused each, and recorded by count', async () => {
    const inTest = pipelineInTest({ principals: { worker: principalOf('social-worker') } });
    const { pipeline, log, refusals } = inTest;
    const flood = Array.from({ length: 50 }, () =>
      requestFor(VIEW, { headers: { authorization: 'Bearer forged' } }),
    );
    const answers = await Promise.all(flood.map(pipeline));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(answers.every(({ headers }) => headers['access-log'] === undefined)).toBe(true);
    expect(log.events).toMatchObject([{ kind: 'refusal-count', refusals: { source: '10.0.0.1', count: 1 } }]);

    const [rest] = refusals.take(new Date(NOW.getTime() + MINUTE));
    expect(rest?.refusals?.count).toBe(49);
    expect(log.events[0]).not.toHaveProperty('practitioner');
  });

  test('are counted where they could not be recorded', async () => {
    const { pipeline, log, refusals } = pipelineInTest();
    log.failing = true;
    await pipeline(requestFor(VIEW, { headers: { authorization: undefined } }));
    expect(
      refusals.take(new Date(NOW.getTime() + MINUTE)).map(({ refusals: counted }) => counted?.count),
    ).toEqual([1]);
  });
});
