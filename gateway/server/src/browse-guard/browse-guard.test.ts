import { AccessError } from '@contactpoint/access/access-error';
import { openRedis } from '@contactpoint/access/redis';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type BrowseGuard, createBrowseGuard } from './browse-guard.ts';
import { type BrowseCounters, createInProcessCounters } from './counters.ts';
import { type BrowseLimits, DEFAULT_LIMITS } from './limits.ts';
import { createRedisCounters } from './redis-counters.ts';
import { type Counted, DAY, HOUR } from './window.ts';

const START = new Date('2026-06-15T12:00:00.000Z');
const SMALL: BrowseLimits = { recordsPerHour: 3, recordsPerDay: 6, childrenPerDay: 5, missesPerHour: 2 };
const WIDE: BrowseLimits = {
  recordsPerHour: 10_000,
  recordsPerDay: 10_000,
  childrenPerDay: 10_000,
  missesPerHour: 10_000,
};
const secret = new Uint8Array(32);

let clock: Date;
/** Unlike any other, so that tests share a Redis. */
let name: string;
beforeEach(() => {
  clock = START;
  name = `p-${Math.random()}`;
});

function guardOn(counters: BrowseCounters, limits: BrowseLimits = SMALL): BrowseGuard {
  const now = () => clock;
  return createBrowseGuard({
    counters,
    limits: { ...DEFAULT_LIMITS, teacher: limits },
    now,
  });
}

const teacher = () => [{ practitionerId: name, role: 'teacher' }] as const;
const colleague = () => [{ practitionerId: `${name}-colleague`, role: 'teacher' }] as const;
const records = (...ids: string[]) => ({ records: ids, misses: [] });
const misses = (...questions: string[]) => ({ records: [], misses: questions });
const later = (minutes: number) => {
  clock = new Date(clock.getTime() + minutes * 60_000);
};

async function limitOf(answer: Promise<void>): Promise<unknown> {
  const cause = await answer.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (cause === undefined) return 'released';
  if (!(cause instanceof AccessError)) throw cause;
  expect([cause.code, cause.status]).toEqual(['RECORD_LIMIT_EXCEEDED', 429]);
  return cause.extensions['limit'];
}

const redisUrl = process.env['TEST_REDIS_URL'];
test.runIf(process.env['CI'] !== undefined)('there is a Redis to test with', () => {
  expect(redisUrl).toBeDefined();
});
const redis =
  redisUrl === undefined ? undefined : [openRedis(redisUrl, () => {}), openRedis(redisUrl, () => {})];
afterAll(() => redis?.forEach((connection) => void connection.disconnect()));

async function redisCounters(gateway: number, under = secret): Promise<BrowseCounters> {
  const connection = redis?.[gateway];
  if (connection === undefined) throw new Error('no Redis');
  if (connection.status !== 'ready') await new Promise((ready) => connection.once('ready', ready));
  return createRedisCounters(connection, under);
}

const places: [string, () => Promise<BrowseCounters>][] = [
  ['in process', async () => createInProcessCounters()],
  ...(redis === undefined
    ? []
    : [['in Redis', () => redisCounters(0)] as [string, () => Promise<BrowseCounters>]]),
];

describe.each(places)('counted %s', (_place, open) => {
  test('a practitioner reaches the limit, passes it with nothing released, and is then refused before', async () => {
    const guard = guardOn(await open());
    expect(await limitOf(guard.release(teacher(), records('A', 'B', 'C')))).toBe('released');
    expect(await limitOf(guard.admit(teacher()))).toBe('released');
    expect(await limitOf(guard.release(teacher(), records('D')))).toBe('recordsPerHour');
    expect(await limitOf(guard.admit(teacher()))).toBe('recordsPerHour');
    expect(await limitOf(guard.admit(colleague()))).toBe('released');
  });

  test('an operation that alone would pass it releases nothing', async () => {
    const guard = guardOn(await open());
    expect(await limitOf(guard.release(teacher(), records('A', 'B', 'C', 'D')))).toBe('recordsPerHour');
    expect(await limitOf(guard.release(teacher(), records('A')))).toBe('recordsPerHour');
  });

  test('a child read again within the hour is the same record; later it is another one of the day', async () => {
    const guard = guardOn(await open());
    for (let again = 0; again < 20; again++) await guard.release(teacher(), records('A', 'B', 'C'));
    later(HOUR + 1);
    expect(await limitOf(guard.release(teacher(), records('A', 'B', 'C')))).toBe('released');
    later(HOUR + 1);
    expect(await limitOf(guard.release(teacher(), records('A')))).toBe('recordsPerDay');
  });

  test('different children are limited by the day', async () => {
    const guard = guardOn(await open(), { ...SMALL, recordsPerDay: 100 });
    await guard.release(teacher(), records('A', 'B', 'C'));
    later(HOUR + 1);
    await guard.release(teacher(), records('A', 'D', 'E'));
    later(HOUR + 1);
    expect(await limitOf(guard.release(teacher(), records('B', 'C')))).toBe('released');
    expect(await limitOf(guard.release(teacher(), records('F')))).toBe('childrenPerDay');
  });

  test('misses are limited, and counted also when they are refused', async () => {
    const guard = guardOn(await open());
    expect(await limitOf(guard.release(teacher(), misses('one', 'one', 'two')))).toBe('released');
    expect(await limitOf(guard.release(teacher(), misses('two')))).toBe('released');
    await guard.note(teacher(), misses('three'));
    expect(await limitOf(guard.release(teacher(), records('A')))).toBe('missesPerHour');
    later(HOUR + 1);
    expect(await limitOf(guard.release(teacher(), misses('four')))).toBe('released');
  });

  test('what is read for a colleague counts for both, and the limit of either holds', async () => {
    const guard = guardOn(await open());
    const both = [...teacher(), ...colleague()];
    expect(await limitOf(guard.release(both, records('A', 'B', 'C')))).toBe('released');
    expect(await limitOf(guard.release(colleague(), records('D')))).toBe('recordsPerHour');
    expect(await limitOf(guard.admit(teacher()))).toBe('released');
    expect(await limitOf(guard.admit(both))).toBe('recordsPerHour');
  });

  test('the refusal says how long it lasts, to the minute', async () => {
    const guard = guardOn(await open());
    await guard.release(teacher(), records('A'));
    later(20);
    await guard.note(teacher(), records('B', 'C', 'D'));
    const refusal = await guard.admit(teacher()).catch((error: AccessError) => error.extensions);
    // Without A, three are left, which is the limit: room for one more is there only when B, C and D are gone.
    expect(refusal).toEqual({ limit: 'recordsPerHour', retryAfter: (HOUR + 1) * 60 });
    later(HOUR + 1);
    expect(await limitOf(guard.release(teacher(), records('E')))).toBe('released');
  });

  test('requests at once cannot together pass what each of them alone would keep', async () => {
    const guard = guardOn(await open(), {
      ...SMALL,
      recordsPerHour: 5,
      childrenPerDay: 100,
      recordsPerDay: 100,
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => limitOf(guard.release(teacher(), records(`child ${index}`)))),
    );
    expect(answers.filter((answer) => answer === 'released')).toHaveLength(5);
  });
});

describe.each(places)('a burst that is refused, counted %s', (_place, open) => {
  const limits: BrowseLimits = { recordsPerHour: 6, recordsPerDay: 20, childrenPerDay: 8, missesPerHour: 2 };
  const many = (request: number) =>
    records(...Array.from({ length: 4 }, (_, place) => `${request} ${place}`));

  test('passes its limit and no other: what was not shown does not fill the day', async () => {
    const guard = guardOn(await open(), limits);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, request) => limitOf(guard.release(teacher(), many(request)))),
    );
    expect(answers.sort()).toEqual([...Array<string>(7).fill('recordsPerHour'), 'released']);
    const refusal = await guard.admit(teacher()).catch((error: AccessError) => error.extensions);
    expect(refusal).toEqual({ limit: 'recordsPerHour', retryAfter: (HOUR + 1) * 60 });
    later(HOUR + 1);
    expect(await limitOf(guard.release(teacher(), records('another')))).toBe('released');
  });

  test('names the limit that it has to wait for', async () => {
    const guard = guardOn(await open(), { ...limits, childrenPerDay: 6 });
    await guard.release(teacher(), many(1));
    const refusal = await guard.release(teacher(), many(2)).catch((error: AccessError) => error.extensions);
    expect(refusal).toEqual({ limit: 'childrenPerDay', retryAfter: (DAY + 1) * 60 });
  });

  test('of misses neither', async () => {
    const guard = guardOn(await open(), limits);
    const refusal = await guard
      .release(teacher(), misses('a', 'b', 'c', 'd', 'e', 'f'))
      .catch((error: AccessError) => error.extensions);
    expect(refusal).toMatchObject({ limit: 'missesPerHour' });
    later(HOUR + 1);
    expect(await limitOf(guard.release(teacher(), misses('g', 'h')))).toBe('released');
  });

  test('does not keep children of this day from counting again at the limit of the day', async () => {
    const guard = guardOn(await open(), { ...limits, childrenPerDay: 4, recordsPerDay: 10 });
    await guard.release(teacher(), many(1));
    later(HOUR + 1);
    expect(await limitOf(guard.release(teacher(), many(1)))).toBe('released');
    later(HOUR + 1);
    expect(await limitOf(guard.release(teacher(), many(1)))).toBe('recordsPerDay');
  });
});

describe('any run of operations', () => {
  const operation = fc.record({
    wait: fc.nat({ max: 90 }),
    children: fc.array(fc.constantFrom(...'ABCDEFGHIJ'), { maxLength: 4 }),
    misses: fc.array(fc.constantFrom('one', 'two', 'three'), { maxLength: 2 }),
  });
  const total = (buckets: ReadonlyMap<number, number>) =>
    [...buckets.values()].reduce((one, other) => one + other, 0);
  const recent = (buckets: ReadonlyMap<number, number>, minute: number) =>
    total(new Map([...buckets].filter(([at]) => minute - at <= HOUR)));

  test.each(places)(
    'counted %s never counts less than was shown, and never forgets within a window',
    async (_place, open) => {
      const counters = await open();
      await fc.assert(
        fc.asyncProperty(
          fc.array(operation, { minLength: 1, maxLength: 40 }),
          fc.uuid(),
          async (operations, who) => {
            let minute = 30_000_000;
            let before: Counted | undefined;
            const shown: { readonly at: number; readonly child: string }[] = [];
            for (const { wait, children, misses: missed } of operations) {
              minute += wait;
              const counted = await counters.add(who, { minute, children, misses: missed, limits: WIDE });
              shown.push(...children.map((child) => ({ at: minute, child })));
              const within = (window: number) =>
                new Set(shown.filter(({ at }) => minute - at <= window).map(({ child }) => child)).size;

              expect(total(counted.children)).toBeLessThanOrEqual(total(counted.openings));
              expect(total(counted.children)).toBeGreaterThanOrEqual(within(DAY - HOUR));
              // What was counted an hour ago may be shown for up to another hour without being counted again.
              expect(recent(counted.children, minute)).toBeGreaterThanOrEqual(new Set(children).size);
              if (before !== undefined && wait === 0) {
                expect(total(counted.openings)).toBeGreaterThanOrEqual(total(before.openings));
                expect(recent(counted.children, minute)).toBeGreaterThanOrEqual(
                  recent(before.children, minute),
                );
                expect(total(counted.misses)).toBeGreaterThanOrEqual(total(before.misses));
              }
              before = counted;
            }
          },
        ),
        { numRuns: 60, seed: 20_260_615 },
      );
    },
  );
});

describe.skipIf(redis === undefined)('two gateways on one Redis', () => {
  test('share their counts', async () => {
    const [one, two] = [guardOn(await redisCounters(0)), guardOn(await redisCounters(1))];
    await one.release(teacher(), records('A', 'B'));
    await two.release(teacher(), records('B', 'C'));
    expect(await limitOf(one.release(teacher(), records('D')))).toBe('recordsPerHour');
    expect(await limitOf(two.admit(teacher()))).toBe('recordsPerHour');
  });

  test('count as one does, whatever is asked at once', async () => {
    const limits = { ...SMALL, recordsPerHour: 5, childrenPerDay: 100, recordsPerDay: 100 };
    const guards = [guardOn(await redisCounters(0), limits), guardOn(await redisCounters(1), limits)];
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        limitOf((guards[index % 2] as BrowseGuard).release(teacher(), records(`child ${index}`))),
      ),
    );
    expect(answers.filter((answer) => answer === 'released')).toHaveLength(5);
  });

  test('forget nothing under a new secret, and count the same children once more', async () => {
    const [before, after] = [
      guardOn(await redisCounters(0)),
      guardOn(await redisCounters(1, new Uint8Array(32).fill(1))),
    ];
    await before.release(teacher(), records('A', 'B'));
    expect(await limitOf(after.release(teacher(), records('A', 'B')))).toBe('recordsPerHour');
  });

  test('leave neither names nor numbers in it, and nothing for good', async () => {
    const guard = guardOn(await redisCounters(0));
    await guard.release(teacher(), { records: ['8Z4K2M0QWX7R5T1B'], misses: ['Featherstonehaugh'] });
    const connection = redis?.[0];
    const keys = await connection?.keys('contactpoint:browse:*');
    const held = await Promise.all((keys ?? []).map((key) => connection?.dump(key)));
    expect(JSON.stringify([keys, held.map(String)])).not.toMatch(/8Z4K2M0QWX7R5T1B|Featherston|p-0\./);
    for (const key of keys ?? []) expect(await connection?.ttl(key)).toBeGreaterThan(0);
  });
});

test.each([['that cannot be reached', 'redis://127.0.0.1:1']])(
  'a Redis %s refuses: what cannot be counted is not shown',
  async (_case, url) => {
    const guard = guardOn(
      createRedisCounters(
        openRedis(url, () => {}),
        secret,
      ),
    );
    for (const answer of [guard.admit(teacher()), guard.release(teacher(), records('A'))])
      await expect(answer).rejects.toMatchObject({ code: 'ACCESS_UNDECIDED', status: 503 });
    expect(guard.reachable()).toBe(false);
    guard.close();
  },
);
