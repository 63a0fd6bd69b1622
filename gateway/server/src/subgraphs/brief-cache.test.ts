import { beforeEach, describe, expect, test } from 'vitest';
import { BELIEVED_FOR, BELIEVED_WHILE_PUSHED, BriefCache } from './brief-cache.ts';

let clock: number;
let pushedSince: number | undefined;
let cache: BriefCache<{ readonly shielded: boolean }>;
const FACTS = { shielded: false };

beforeEach(() => {
  clock = 0;
  pushedSince = undefined;
  cache = new BriefCache(
    () => clock,
    () => pushedSince,
  );
});

test('an answer is believed for a second from when it was asked for, however late it came', () => {
  expect(BELIEVED_FOR).toBeLessThanOrEqual(1_000);
  clock = 700;
  cache.set('child', FACTS, 0);
  clock = BELIEVED_FOR - 1;
  expect(cache.get('child')).toEqual(FACTS);
  clock = BELIEVED_FOR;
  expect(cache.get('child')).toBeUndefined();
});

test('an answer that took longer than it is believed is never used again', () => {
  clock = 5_000;
  cache.set('child', FACTS, 3_000);
  expect(cache.get('child')).toBeUndefined();
});

test('what was not asked for is not there', () => {
  expect(cache.get('constructor')).toBeUndefined();
});

describe('while changes are pushed', () => {
  beforeEach(() => {
    pushedSince = 100;
    clock = 200;
    cache.set('child', FACTS, clock);
  });

  test('an answer is believed for five seconds', () => {
    expect(BELIEVED_WHILE_PUSHED).toBeLessThanOrEqual(5_000);
    clock = 200 + BELIEVED_WHILE_PUSHED - 1;
    expect(cache.get('child')).toEqual(FACTS);
    clock = 200 + BELIEVED_WHILE_PUSHED;
    expect(cache.get('child')).toBeUndefined();
  });

  test('it is for a second once they are not', () => {
    clock = 200 + BELIEVED_FOR;
    pushedSince = undefined;
    expect(cache.get('child')).toBeUndefined();
  });

  test('and does not come back when they are again: it may have changed unheard', () => {
    clock = 200 + BELIEVED_FOR;
    pushedSince = 1_100;
    expect(cache.get('child')).toBeUndefined();
  });
});

describe('forgetting', () => {
  test('takes the answers about one subject and leaves the others', () => {
    cache.set('p1 in o1', FACTS, 0, ['p1', 'o1']);
    cache.set('p2 in o1', FACTS, 0, ['p2', 'o1']);
    cache.set('p3 in o2', FACTS, 0, ['p3', 'o2']);
    cache.forget(['p1']);
    expect(['p1 in o1', 'p2 in o1'].map((key) => cache.get(key))).toEqual([undefined, FACTS]);
    cache.forget(['o1']);
    expect(['p2 in o1', 'p3 in o2'].map((key) => cache.get(key))).toEqual([undefined, FACTS]);
  });

  test.each<[string, () => void]>([
    ['one', () => cache.forget(['child'])],
    ['all', () => cache.forgetAll()],
  ])('takes an answer too that was asked for before and comes after: %s', (_case, forget) => {
    clock = 100;
    forget();
    clock = 150;
    cache.set('child', FACTS, 100);
    expect(cache.get('child')).toBeUndefined();
    cache.set('child', FACTS, 101);
    expect(cache.get('child')).toEqual(FACTS);
  });

  test('takes a slow answer after a crowd of others was forgotten', () => {
    pushedSince = -1;
    cache.forget(['child']);
    for (clock = 1; clock < 4_999; clock += 1) cache.forget([`other ${clock}`]);
    cache.set('child', FACTS, 0);
    expect(cache.get('child')).toBeUndefined();
  });
});
