import { expect, test, vi } from 'vitest';
import { Abandonment } from './abandonment.ts';

test('tells everybody once, and nobody who is not to be told any more', () => {
  const abandonment = new Abandonment();
  const [told, untold] = [vi.fn(), vi.fn()];
  abandonment.tell(told);
  abandonment.tell(untold);
  abandonment.untell(untold);
  expect(abandonment.isAbandoned).toBe(false);
  abandonment.abandon();
  abandonment.abandon();
  expect(abandonment.isAbandoned).toBe(true);
  expect(told).toHaveBeenCalledTimes(1);
  expect(untold).not.toHaveBeenCalled();
});

test('who is told may take others off the list', () => {
  const abandonment = new Abandonment();
  const second = vi.fn();
  abandonment.tell(() => abandonment.untell(second));
  abandonment.tell(second);
  abandonment.abandon();
  expect(second).not.toHaveBeenCalled();
});
