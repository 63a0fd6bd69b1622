import { describe, expect, test } from 'vitest';
import { createEventPace, EVENT_PACE } from './event-pace.ts';

const { atOnce, perSecond } = EVENT_PACE;
const signal = new AbortController().signal;

/** A clock that stands still but for what is waited. */
function pacing() {
  const at = { now: 1_000, waited: 0 };
  const pace = createEventPace({
    clock: () => at.now,
    wait: async (milliseconds) => {
      at.now += milliseconds;
      at.waited += milliseconds;
    },
  });
  const take = async (events: number) => {
    for (let taken = 0; taken < events; taken++) await pace(signal);
  };
  return { at, take };
}

describe('events of one stream', () => {
  test('that come together are handed on at once, and what comes on top by and by', async () => {
    const { at, take } = pacing();
    await take(atOnce);
    expect(at.waited).toBe(0);
    await take(10 * perSecond);
    expect(at.waited).toBeCloseTo(10_000);
  });

  test('are handed on at once again after a rest, and no more than before', async () => {
    const { at, take } = pacing();
    await take(atOnce);
    at.now += 3_600_000;
    await take(atOnce);
    expect(at.waited).toBe(0);
    await take(1);
    expect(at.waited).toBeCloseTo(1_000 / perSecond);
  });

  test('are waited for no longer than anybody waits', async () => {
    const pace = createEventPace();
    const gone = AbortSignal.abort();
    for (let taken = 0; taken < atOnce + 100_000; taken++) await pace(gone);
  });
});
