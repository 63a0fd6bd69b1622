import { afterEach, expect, test } from 'vitest';
import { planInThisThread, type QueryPlanning } from './native-planner.ts';
import { startPlannerThread } from './planner-thread.ts';
import { marketSupergraph } from './testing/market.ts';

const supergraph = marketSupergraph();
const here = planInThisThread(supergraph);
const VIEW = '{ reviews { id } me { id } }';
const OTHER = '{ me { id } }';

const started: QueryPlanning[] = [];
const start = async (patience?: { readonly longest: number }) => {
  const thread = await startPlannerThread(supergraph, new Set(), patience);
  started.push(thread);
  return thread;
};
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
  await expect(startPlannerThread('type Query {')).rejects.toThrow();
});

test('a plan that takes too long is not waited for, and is not taken for the answer to the next question', async () => {
  const patience = { longest: 0 };
  const thread = await start(patience);
  expect(() => thread.plan(OTHER)).toThrow('No plan within 0 ms');
  patience.longest = 20_000;
  expect(thread.plan(VIEW)).toEqual(here.plan(VIEW));
});

test('what is asked once the thread is gone is planned all the same', async () => {
  const thread = await start();
  await thread.close();
  expect(thread.plan(VIEW)).toEqual(here.plan(VIEW));
});
