import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createOpenSubscriptions } from './open-subscriptions.ts';

const LIMITS = { perPractitioner: 2, perGateway: 3, lifetime: 1_000 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('places for subscriptions', () => {
  test('are so many for each practitioner, and so many in all', () => {
    const open = createOpenSubscriptions(LIMITS);
    const first = open.take('p-1');
    open.take('p-1');
    expect(() => open.take('p-1')).toThrow(
      expect.objectContaining({
        code: 'SUBSCRIPTION_LIMIT_EXCEEDED',
        extensions: { limit: 'perPractitioner' },
      }),
    );
    open.take('p-2');
    expect(() => open.take('p-3')).toThrow(expect.objectContaining({ extensions: { limit: 'perGateway' } }));
    first.release();
    first.release();
    expect(open.count()).toBe(2);
    open.take('p-1');
    expect(() => open.take('p-1')).toThrow();
  });

  test('end after their time, and when the gateway stops, which gives no more', () => {
    const open = createOpenSubscriptions(LIMITS);
    const old = open.take('p-1');
    vi.advanceTimersByTime(600);
    const young = open.take('p-1');
    vi.advanceTimersByTime(400);
    expect([old.signal.aborted, young.signal.aborted]).toEqual([true, false]);
    open.close();
    expect(young.signal.aborted).toBe(true);
    old.release();
    young.release();
    expect(() => open.take('p-1')).toThrow();
  });
});
