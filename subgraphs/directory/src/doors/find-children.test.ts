import type { TestSubgraph } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingestDirectory } from '../ingest.ts';
import { askAs, caller, reasonsOf, startDirectory } from '../testing/directory.ts';
import { EMPTY, RELATED, related, SHIELDED, UNRELATED } from '../testing/identities.ts';

const SEARCH = `query ($criteria: ChildSearch!, $first: Int) {
  findChildren(criteria: $criteria, first: $first) { candidates { score child { id familyName upn } } } }`;

const amelia = { givenName: 'Amelia', familyName: 'Hughes', dateOfBirth: '2012-03-04' };
const isla = { givenName: 'Isla', familyName: 'Garside', dateOfBirth: '2011-12-30' };
const oliver = { givenName: 'Oliver', familyName: 'Pritchard', dateOfBirth: '2013-07-21' };
const allocated = caller('social-worker', 'S47');
const teamWorker = caller('social-worker', 'S47', { sub: 'p-team-worker' });

let directory: TestSubgraph;
beforeAll(async () => {
  directory = await startDirectory();
});
afterAll(() => directory?.stop());

const search = (criteria: object, who = allocated, first?: number) =>
  askAs(directory, who, SEARCH, { criteria, first });

async function found(criteria: object, who = allocated, first?: number): Promise<string[]> {
  const { data, errors } = await search(criteria, who, first);
  expect(errors).toBeUndefined();
  const candidates: { child: { id: string } }[] = data.findChildren.candidates ?? [];
  return candidates.map(({ child }) => child.id);
}

describe('findChildren', () => {
  test.each([
    ['as written', amelia],
    ['second given name', { ...amelia, givenName: 'rose' }],
    ['another spelling', { ...amelia, givenName: 'Emelia', familyName: 'Hughs' }],
    ['day and month changed over', { ...amelia, dateOfBirth: '2012-04-03' }],
    ['with sex', { ...amelia, sex: 'FEMALE' }],
  ])('finds: %s', async (_case, criteria) => expect(await found(criteria)).toEqual([RELATED]));

  test.each([
    ['another year', { ...amelia, dateOfBirth: '2010-03-04' }],
    ['another name on that day', { ...amelia, givenName: 'Zoe', familyName: 'Patel' }],
    ['a former name', { ...amelia, familyName: 'Barton', givenName: 'Zoe' }],
  ])('finds nobody: %s', async (_case, criteria) =>
    expect((await search(criteria)).data).toEqual({ findChildren: { candidates: null } }),
  );

  test('scores in steps of 0.05, likeliest first, equals in one order', async () => {
    const twins = Array.from({ length: 12 }, (_, place) => ({
      ...related,
      id: `00000000000TW${String(place).padStart(3, '0')}`,
      givenNames: ['Noor'],
      familyName: place < 6 ? 'Siddiqui' : 'Sidiqui',
      dateOfBirth: '2016-06-16',
      identifiers: [],
      involvements: [],
      recordHolders: [],
    }));
    await ingestDirectory(directory.store, twins);
    const criteria = { givenName: 'Noor', familyName: 'Siddiqui', dateOfBirth: '2016-06-16' };
    const { data } = await search(criteria, allocated, 50);
    const scores: number[] = data.findChildren.candidates.map(({ score }: { score: number }) => score);
    expect(scores).toHaveLength(10);
    expect(scores).toEqual([...scores].sort((one, other) => other - one));
    expect(scores.every((score) => Number.isInteger(Math.round(score * 1e9) / 5e7))).toBe(true);
    expect(await found(criteria, allocated, 3)).toEqual(twins.slice(0, 3).map(({ id }) => id));
  });

  test('a shielded child is found by identity like the empty one beside it', async () => {
    expect(await found(isla, teamWorker)).toEqual([EMPTY, SHIELDED]);
    const { data } = await search(isla, teamWorker);
    expect(data.findChildren.candidates.map(({ child }: { child: object }) => child)).toEqual([
      { id: EMPTY, familyName: 'Garside', upn: null },
      { id: SHIELDED, familyName: 'Garside', upn: null },
    ]);
  });

  test('a postcode filters by addresses that the caller may read, and by no other', async () => {
    expect(await found({ ...amelia, postcode: 'zz91aa' })).toEqual([RELATED]);
    expect(await found({ ...amelia, postcode: 'ZZ9 9ZZ' })).toEqual([]);
    expect(await found({ ...isla, postcode: 'ZZ9 1AA' })).toEqual([SHIELDED]);
    for (const postcode of ['ZZ9 1AA', 'ZZ9 9ZZ']) {
      // Shielded, unrelated, a role with the minimal address only: asking tells nothing.
      expect(await found({ ...isla, postcode }, teamWorker)).toEqual([]);
      expect(await found({ ...oliver, postcode })).toEqual([]);
      expect(await found({ ...amelia, postcode }, caller('emergency-clinician', 'EC'))).toEqual([]);
    }
    expect(await found(oliver)).toEqual([UNRELATED]);
  });

  test.each([
    ['teacher', caller('teacher', 'ED'), 'POLICY'],
    ['reviewing officer', caller('reviewing-officer', 'REV'), 'POLICY'],
    ['auditor', caller('auditor', 'AUD'), 'POLICY'],
    ['social worker for another purpose', caller('social-worker', 'DC'), 'PURPOSE'],
  ])('refuses a %s', async (_case, who, reason) => {
    const answer = await search(amelia, who);
    expect(answer.data).toEqual({ findChildren: null });
    expect(reasonsOf(answer)).toEqual({ findChildren: reason });
  });

  test.each([
    ['blank name', { ...amelia, givenName: ' ' }],
    ['no letters', { ...amelia, familyName: '--' }],
    ['wildcard', { ...amelia, familyName: 'Hug%' }],
    ['no such day', { ...amelia, dateOfBirth: '2013-02-29' }],
    ['a day to come', { ...amelia, dateOfBirth: '2999-01-01' }],
    ['blank postcode', { ...amelia, postcode: ' ' }],
    ['a novel', { ...amelia, familyName: 'a'.repeat(101) }],
  ])('is bad input: %s', async (_case, criteria) =>
    expect(reasonsOf(await search(criteria))).toEqual({ findChildren: 'BAD_USER_INPUT' }),
  );
});
