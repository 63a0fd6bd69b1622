import { expect, test } from 'vitest';
import { BELIEVED_FOR, BriefCache } from './brief-cache.ts';

test('an answer is believed for a second from when it was asked for, however late it came', () => {
  let clock = 0;
  const cache = new BriefCache<{ readonly shielded: boolean }>(() => clock);
  expect(BELIEVED_FOR).toBeLessThanOrEqual(1_000);

  clock = 700;
  cache.set('child', { shielded: false }, 0);
  clock = BELIEVED_FOR - 1;
  expect(cache.get('child')).toEqual({ shielded: false });
  clock = BELIEVED_FOR;
  expect(cache.get('child')).toBeUndefined();
});

test('an answer that took longer than it is believed is never used again', () => {
  const cache = new BriefCache<object>(() => 5_000);
  cache.set('child', {}, 3_000);
  expect(cache.get('child')).toBeUndefined();
});

test('what was not asked for is not there', () => {
  expect(new BriefCache<object>(() => 0).get('constructor')).toBeUndefined();
});
