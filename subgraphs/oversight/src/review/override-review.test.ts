import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOversight, type TestOversight } from '../testing/oversight.ts';
import { findOwedReviews } from './owed-reviews.ts';

const REVIEW = `mutation ($origin: String!, $index: String!, $outcome: OverrideOutcome!, $note: String!) {
  reviewOverride(origin: $origin, index: $index, outcome: $outcome, note: $note) { index breakGlass } }`;

let oversight: TestOversight;

beforeAll(async () => {
  oversight = await startOversight();
});
afterAll(async () => {
  await oversight?.[Symbol.asyncDispose]();
});

describe('reviewOverride', () => {
  const note = 'Called the ward, the child was there.';

  test('stores one verdict and gives the event back', async () => {
    const { origin, index } = await oversight.record({ override: true });
    const review = { origin, index: String(index), outcome: 'UNJUSTIFIED', note };
    const { data } = await oversight.ask(REVIEW, review);
    expect(data.reviewOverride).toEqual({ index: String(index), breakGlass: true });
    expect(await findOwedReviews(oversight.subgraph.store)).toMatchObject([
      { origin, index: String(index), practitionerId: 'p-social-worker', outcome: 'UNJUSTIFIED' },
    ]);
    const { errors } = await oversight.ask(REVIEW, { ...review, outcome: 'JUSTIFIED' });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  });

  test.each<[string, Partial<AccessEvent>, object, string]>([
    ['an access without break-glass', {}, {}, 'BAD_USER_INPUT'],
    ['a note too short', { override: true }, { note: '  fine.  ' }, 'BAD_USER_INPUT'],
    [
      'a note that reads as another',
      { override: true },
      { note: `Not \u202e${'justified'}` },
      'BAD_USER_INPUT',
    ],
    ['an event that is not there', { override: true }, { index: '99999999' }, 'BAD_USER_INPUT'],
    ['an index that is none', { override: true }, { index: '-1' }, 'BAD_USER_INPUT'],
    ['one’s own access', { override: true, practitioner: 'p-auditor' }, {}, 'UNAUTHORIZED_FIELD_OR_TYPE'],
    [
      'an access on one’s own behalf',
      { override: true, practitioner: 'p-auditor', mediator: 'p-other' },
      {},
      'UNAUTHORIZED_FIELD_OR_TYPE',
    ],
  ])('refuses %s', async (_case, event, changed, code) => {
    const { origin, index } = await oversight.record(event);
    const review = { origin, index: String(index), outcome: 'JUSTIFIED', note, ...changed };
    const { data, errors } = await oversight.ask(REVIEW, review);
    expect(data?.reviewOverride ?? null).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe(code);
  });
});
