import { afterEach, describe, expect, test } from 'vitest';
import { marketSupergraph } from '../testing/market.ts';
import { planInThisThread, type QueryPlanning } from './native-planner.ts';
import { type PlannerPatience, startPlannerThread } from './planner-thread.ts';

const supergraphSdl = marketSupergraph();
const here = planInThisThread(supergraphSdl);
const VIEW = '{ reviews { id } me { id } }';
const OTHER = '{ me { id } }';

const started: QueryPlanning[] = [];
const keep = (thread: QueryPlanning) => {
  started.push(thread);
  return thread;
};
const start = async () => keep(await startPlannerThread({ supergraphSdl }));
afterEach(() => Promise.all(started.splice(0).map((thread) => thread.close())));

test('plans what a planner in this thread plans', async () => {
  const thread = await start();
  for (const query of [VIEW, OTHER, VIEW]) expect(thread.plan(query)).toEqual(here.plan(query));
});

test('refuses a text that has no plan, and plans the next one', async () => {
  const thread = await start();
  expect(() => thread.plan('{ nobody }')).toThrow(/nobody/);
  expect(thread.plan(VIEW)).toEqual(here.plan(VIEW));
});

test('is not built of what is no supergraph', async () => {
  await expect(startPlannerThread({ supergraphSdl: 'type Query {' })).rejects.toThrow();
});

test('plans nothing once it is closed', async () => {
  const thread = await start();
  await thread.close();
  expect(() => thread.plan(VIEW)).toThrow(expect.objectContaining({ code: 'AWAY' }));
});

describe('a planner that', () => {
  const module = new URL('../testing/failing-planner.ts', import.meta.url);
  const failing = (how: string, patience: Partial<PlannerPatience> = {}) =>
    startPlannerThread({
      supergraphSdl: how,
      module,
      patience: { plan: 20_000, start: 20_000, pause: 0, ...patience },
    });
  const planOf = (query: string) => ({ kind: 'QueryPlan', query });
  const answers =
    (thread: QueryPlanning, query = 'another') =>
    () => {
      try {
        return thread.plan(query);
      } catch {
        return undefined;
      }
    };

  test('ends at its start without a message is not waited for', async () => {
    await expect(failing('ends at once')).rejects.toThrow('The planner ended before it was built');
  });

  test('is not built in time is not waited for', async () => {
    await expect(failing('is never built', { start: 50 })).rejects.toThrow('No planner within 50 ms');
  });

  test('ends while it is asked fails that plan alone', async () => {
    const thread = keep(await failing('works'));
    expect(() => thread.plan('ends')).toThrow(expect.objectContaining({ code: 'FAILED' }));
    expect(thread.plan('another')).toEqual(planOf('another'));
  });

  test('ends while nobody asks is replaced', async () => {
    const thread = keep(await failing('works'));
    expect(thread.plan('ends later')).toEqual(planOf('ends later'));
    await expect.poll(answers(thread), { timeout: 10_000 }).toEqual(planOf('another'));
  });

  test('does not come back is replaced, and what it says later is nobody’s answer', async () => {
    const patience = { plan: 1_000 };
    const thread = keep(await failing('works', patience));
    expect(() => thread.plan('hangs')).toThrow(expect.objectContaining({ code: 'FAILED' }));
    await expect.poll(answers(thread), { timeout: 10_000 }).toEqual(planOf('another'));
  });

  test('is being replaced is away, and nobody waits for it longer than for one plan', async () => {
    const thread = keep(await failing('works', { pause: 600_000 }));
    expect(() => thread.plan('ends')).toThrow(expect.objectContaining({ code: 'FAILED' }));
    const began = performance.now();
    for (let asked = 0; asked < 100; asked++)
      expect(() => thread.plan('another')).toThrow(expect.objectContaining({ code: 'AWAY' }));
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
