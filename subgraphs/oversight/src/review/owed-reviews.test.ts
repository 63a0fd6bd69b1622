import { TEST_KEYS, testSystemBody } from '@contactpoint/subgraph-kit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startOversight, type TestOversight } from '../testing/oversight.ts';

const REVIEW = `mutation ($origin: String!, $index: String!, $outcome: OverrideOutcome!) {
  reviewOverride(origin: $origin, index: $index, outcome: $outcome, note: "Asked the ward about it.") { index } }`;
const WINDOW = 'c0'.repeat(32);

let oversight: TestOversight;

beforeEach(async () => {
  oversight = await startOversight();
});
afterEach(async () => {
  await oversight[Symbol.asyncDispose]();
});

async function send(path: string, content: object, role = 'gateway') {
  const payload = await testSystemBody(TEST_KEYS, 'oversight', path, content, { role });
  const response = await oversight.subgraph.app.inject({ method: 'POST', url: path, payload });
  return { status: response.statusCode, body: response.body === '' ? undefined : response.json() };
}

const owed = async () => (await send('/override-reviews/owed', {})).body.reviews;
const carriedOut = (place: object) => send('/override-reviews/carried-out', place);

async function review(outcome: string, event: Parameters<TestOversight['record']>[0] = {}) {
  const { origin, index } = await oversight.record({ override: true, overrideWindows: [WINDOW], ...event });
  const place = { origin, index: String(index) };
  const { errors } = await oversight.ask(REVIEW, { ...place, outcome });
  expect(errors).toBeUndefined();
  return place;
}

describe('what is owed of reviews', () => {
  test('stands there until the gateway says that it is done, unjustified ones first', async () => {
    const justified = await review('JUSTIFIED');
    const unjustified = await review('UNJUSTIFIED', { practitioner: 'p-two' });
    const windows = [WINDOW];
    const one = { ...justified, practitionerId: 'p-social-worker', windows, outcome: 'JUSTIFIED' };
    const other = { ...unjustified, practitionerId: 'p-two', windows, outcome: 'UNJUSTIFIED' };
    expect(await owed()).toEqual([other, one]);

    for (let twice = 0; twice < 2; twice++) expect((await carriedOut(unjustified)).status).toBe(204);
    expect(await owed()).toEqual([one]);
    expect((await carriedOut(justified)).status).toBe(204);
    expect(await owed()).toEqual([]);
  });

  test('is nothing where nothing was reviewed', async () => {
    await oversight.record({ override: true });
    expect(await owed()).toEqual([]);
    expect((await carriedOut({ origin: 'no.log', index: '1' })).status).toBe(204);
  });

  test('outlasts the rows of the projection', async () => {
    await review('UNJUSTIFIED');
    await oversight.subgraph.store`truncate access_event, access_subject, log_cursor`;
    expect(await owed()).toMatchObject([{ windows: [WINDOW] }]);
  });

  test.each([
    ['an auditor', '/override-reviews/owed', {}],
    ['an auditor', '/override-reviews/carried-out', { origin: 'x', index: '1' }],
  ])('is not for %s: %s', async (_case, path, content) => {
    expect((await send(path, content, 'auditor')).status).toBe(401);
  });

  test.each([[{ origin: 'x' }], [{ origin: 'x', index: '-1' }], [{ origin: 'x', index: 1 }]])(
    '%j is no place',
    async (place) => {
      expect((await carriedOut(place)).status).toBe(400);
    },
  );
});
