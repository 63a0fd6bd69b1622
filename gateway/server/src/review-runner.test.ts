import pino from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { createReviewRunner, type ReviewRunner } from './review-runner.ts';
import type { OwedReview } from './subgraphs/override-reviews.ts';

const HOUR = 3_600_000;
const review = (index: string, outcome: OwedReview['outcome'] = 'UNJUSTIFIED'): OwedReview => ({
  origin: 'log.example',
  index,
  practitionerId: `p-${index}`,
  windows: [`w${index}`],
  outcome,
});

let runner: ReviewRunner | undefined;
afterEach(() => runner?.close());

/** Both subgraphs in memory; `fails` says which step throws, `close 1`, as often as it stands there. */
function world(owed: OwedReview[], { fails = [] as string[], patience = HOUR, interval = HOUR } = {}) {
  const steps: string[] = [];
  const lines: string[] = [];
  const step = async (what: string) => {
    const broken = fails.indexOf(what);
    if (broken >= 0) {
      fails.splice(broken, 1);
      throw new Error('secret-host is away');
    }
    steps.push(what);
  };
  runner = createReviewRunner({
    reviews: {
      async owed() {
        await step('owed');
        return [...owed];
      },
      close: ({ index }) => step(`close ${index}`),
      async carriedOut({ index }) {
        await step(`done ${index}`);
        owed.splice(
          owed.findIndex((each) => each.index === index),
          1,
        );
      },
    },
    suspend: (practitionerId, reason) => step(`suspend ${practitionerId}: ${reason}`),
    onChanged: (practitionerId) => void steps.push(`changed ${practitionerId}`),
    logger: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
    patience,
    interval,
  });
  const settle = runner.settle.bind(runner);
  return { steps, lines, settle, owed };
}

const SUSPEND = 'suspend p-1: Break-glass access log.example 1 was found unjustified';

describe('createReviewRunner', () => {
  test('closes, suspends and says so, in this order, at the start and whenever it is asked', async () => {
    const { steps, settle, owed } = world([review('1')]);
    await settle();
    expect(steps).toEqual(['owed', 'close 1', SUSPEND, 'done 1', 'changed p-1', 'owed']);
    owed.push(review('2', 'JUSTIFIED'));
    await settle();
    expect(steps.slice(6)).toEqual(['owed', 'close 2', 'done 2', 'changed p-2']);
  });

  test('suspends nobody where nobody is known', async () => {
    const { steps, settle } = world([{ ...review('1'), practitionerId: null }]);
    await settle();
    expect(steps).toEqual(['owed', 'close 1', 'done 1', 'owed']);
  });

  test.each([
    ['close 1', ['close 1', SUSPEND, 'done 1']],
    [SUSPEND, ['close 1', SUSPEND, 'done 1']],
    ['done 1', [SUSPEND, 'close 1', SUSPEND, 'done 1']],
  ])('a death at "%s" is made up for', async (step, after) => {
    const { steps, settle, owed, lines } = world([review('1')], { fails: [step] });
    await settle();
    await settle();
    expect(owed).toEqual([]);
    expect(steps.join(' | ')).toContain(['owed', ...after.slice(-3)].join(' | '));
    expect(lines.join('')).toContain('log.example 1');
    expect(lines.join('')).not.toContain('secret-host');
  });

  test('one that cannot be carried out does not hold up the others', async () => {
    const { steps, settle } = world([review('1'), review('2', 'JUSTIFIED')], {
      fails: ['close 1', 'close 1'],
    });
    await settle();
    expect(steps).toContain('done 2');
    expect(steps).not.toContain('done 1');
  });

  test('what is owed and cannot be asked for is asked for again, and nobody is told an error', async () => {
    const { steps, settle } = world([review('1')], { fails: ['owed', 'owed'] });
    await settle();
    expect(steps).toEqual([]);
    await settle();
    expect(steps).toContain('done 1');
  });

  test('looks again without being asked', async () => {
    const { owed } = world([review('1')], { fails: ['done 1'], interval: 5 });
    await expect.poll(() => owed).toEqual([]);
  });

  test('looks again soon where something is left, however long it would otherwise wait', async () => {
    const { owed } = world([review('1')], { fails: ['owed', 'close 1'], interval: HOUR });
    await expect.poll(() => owed, { timeout: 10_000 }).toEqual([]);
  });

  test('does not keep a request waiting for longer than its patience', async () => {
    const never = new Promise<never>(() => {});
    const stuck = createReviewRunner({
      reviews: { owed: () => never, close: async () => {}, carriedOut: async () => {} },
      suspend: async () => {},
      onChanged: () => {},
      logger: pino({ level: 'silent' }),
      patience: 10,
      interval: HOUR,
    });
    await expect(stuck.settle()).resolves.toBeUndefined();
  });

  test('a look that began before the review does not count', async () => {
    const gate = Promise.withResolvers<void>();
    const done: string[] = [];
    const owed: OwedReview[] = [];
    runner = createReviewRunner({
      reviews: {
        async owed() {
          const found = [...owed];
          await gate.promise;
          return found;
        },
        close: async () => {},
        carriedOut: async ({ index }) => void done.push(index),
      },
      suspend: async () => {},
      onChanged: () => {},
      logger: pino({ level: 'silent' }),
    });
    owed.push(review('1'));
    const settled = runner.settle();
    gate.resolve();
    await settled;
    expect(done).toEqual(['1']);
  });
});
