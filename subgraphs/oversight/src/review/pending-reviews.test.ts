import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHILD, startOversight, type TestOversight } from '../testing/oversight.ts';

const PENDING = `query ($first: Int, $after: String) { pendingReviews(first: $first, after: $after) {
  reviews { openedAt accesses { origin index practitionerId reason breakGlass subjects { childId released } } }
  total endCursor hasNextPage } }`;
const REVIEW = `mutation ($origin: String!, $index: String!) {
  reviewOverride(origin: $origin, index: $index, outcome: JUSTIFIED, note: "Asked the ward about it.") { index } }`;

let oversight: TestOversight;

beforeAll(async () => {
  oversight = await startOversight();
});
afterAll(() => oversight?.[Symbol.asyncDispose]());

/** Something done under the nth window. */
const broken = (window: number, minute: number, more: object = {}) =>
  oversight.record({
    override: true,
    overrideWindows: [String(window).padStart(64, '0')],
    at: `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`,
    practitioner: `p-${window}`,
    ...more,
  });

async function pending(page: Record<string, unknown> = {}) {
  const { data, errors } = await oversight.ask(PENDING, page);
  expect(errors).toBeUndefined();
  return data.pendingReviews;
}

describe('pendingReviews', () => {
  test('names each window that waits once, oldest first, with all that was asked for under it', async () => {
    await broken(1, 30, { kind: 'intent', subjects: [] });
    await broken(1, 31);
    await broken(2, 10);
    await oversight.record({ at: '2026-11-20T10:15:00.000Z' });
    const { reviews } = await pending();
    expect(reviews).toMatchObject([
      { openedAt: '2026-11-20T10:10:00.000Z', accesses: [{ practitionerId: 'p-2' }] },
      {
        openedAt: '2026-11-20T10:30:00.000Z',
        accesses: [
          { practitionerId: 'p-1', subjects: [] },
          {
            ...{ practitionerId: 'p-1', reason: 'strategy discussion today', breakGlass: true },
            subjects: [{ childId: CHILD, released: ['Child.familyName'] }],
          },
        ],
      },
    ]);
    const first = await pending({ first: 1 });
    expect(first).toMatchObject({
      total: 2,
      hasNextPage: true,
      reviews: [{ accesses: [{ practitionerId: 'p-2' }] }],
    });
    const second = await pending({ first: 1, after: first.endCursor });
    expect([second.total, second.hasNextPage]).toEqual([2, false]);
    expect(second.reviews[0].accesses[0].practitionerId).toBe('p-1');
  });

  test('a review of any of its accesses takes the window off', async () => {
    await broken(3, 40);
    const last = await broken(3, 41);
    const { errors } = await oversight.ask(REVIEW, { origin: last.origin, index: String(last.index) });
    expect(errors).toBeUndefined();
    expect((await pending()).total).toBe(2);
    const left = (await pending()).reviews.flatMap(
      ({ accesses }: { accesses: { practitionerId: string }[] }) =>
        accesses.map(({ practitionerId }) => practitionerId),
    );
    expect(left).not.toContain('p-3');
  });

  test('takes the scope of those who review', async () => {
    const { data, errors } = await oversight.ask(
      PENDING,
      {},
      { scopes: ['audit:read', 'oversight:figures'] },
    );
    expect(data.pendingReviews).toBeNull();
    expect(errors?.[0]?.extensions['reason']).toBe('SCOPE');
  });
});
