import { expect, test } from 'vitest';
import { PlanError } from './plan-error.ts';
import { PlannerFailure } from './planner-failure.ts';
import { rememberWithoutPlan } from './without-plan.ts';

function remembering() {
  const bench = { now: 0, asked: 0 };
  const { unless } = rememberWithoutPlan(() => bench.now);
  const ask = (query: string, fails?: unknown) => {
    try {
      return unless(query, () => {
        bench.asked++;
        if (fails !== undefined) throw fails;
        return 'a plan';
      });
    } catch (cause) {
      return cause;
    }
  };
  return Object.assign(bench, { ask });
}

const refusedBy = (code: 'REFUSED' | 'FAILED') =>
  new PlanError('NO_PLAN', 'none', { cause: new PlannerFailure(code, 'none') });

test.each([
  ['that has none', refusedBy('REFUSED')],
  ['that is too large', new PlanError('TOO_LARGE', 'large')],
])('a plan %s is looked for once', (_case, error) => {
  const bench = remembering();
  expect([bench.ask('{ a }', error), bench.ask('{ a }')]).toEqual([error, error]);
  bench.now = 86_400_000;
  expect([bench.ask('{ a }'), bench.asked]).toEqual([error, 1]);
  expect(bench.ask('{ b }')).toBe('a plan');
});

test('a planner that failed is asked the same again after a minute', () => {
  const bench = remembering();
  const error = refusedBy('FAILED');
  bench.ask('{ a }', error);
  bench.now = 59_999;
  expect([bench.ask('{ a }'), bench.asked]).toEqual([error, 1]);
  bench.now = 60_000;
  expect(bench.ask('{ a }')).toBe('a plan');
});

test('a planner that is away has said nothing of the operation', () => {
  const bench = remembering();
  bench.ask('{ a }', new PlanError('NO_PLANNER', 'away'));
  expect(bench.ask('{ a }')).toBe('a plan');
});

test('no more are remembered than a thousand', () => {
  const bench = remembering();
  for (let number = 0; number <= 1_000; number++) bench.ask(`{ a${number} }`, refusedBy('REFUSED'));
  expect(bench.ask('{ a1000 }')).toBeInstanceOf(PlanError);
  expect(bench.ask('{ a0 }')).toBe('a plan');
});
