import { TEST_KEYS, type TestSubgraph, testSystemBody } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eighteenthBirthdays } from './eighteenth-birthdays.ts';
import { ingestDirectory } from './ingest.ts';
import { mergeIdentities } from './merge-identities.ts';
import { startDirectory } from './testing/directory.ts';
import { EMPTY, NOBODY, RELATED, related, SHIELDED, UNRELATED } from './testing/identities.ts';

const DOUBLE = '0000000000000D01';
const UNBORN = '0000000000000B01';
const LEAP = '0000000000000K01';

let directory: TestSubgraph;
beforeAll(async () => {
  directory = await startDirectory();
  const bare = { ...related, identifiers: [], involvements: [], recordHolders: [] };
  await ingestDirectory(directory.store, [
    { ...bare, id: DOUBLE, dateOfBirth: '2012-04-03' },
    { ...bare, id: UNBORN },
    { ...bare, id: LEAP, dateOfBirth: '2008-02-29' },
  ]);
  await directory.store`update child set date_of_birth = null where id = ${UNBORN}`;
  const reason = 'Both were seen with the same passport';
  await mergeIdentities(directory.store, {
    ...{ from: DOUBLE, into: RELATED, by: 'p-identity-steward', reason, at: new Date() },
  });
});
afterAll(() => directory?.stop());

async function post(children: readonly string[], claims: Parameters<typeof testSystemBody>[4] = {}) {
  const payload = await testSystemBody(TEST_KEYS, 'directory', '/numbers', { children }, claims);
  return await directory.app.inject({ method: 'POST', url: '/numbers', payload });
}

describe('POST /numbers', () => {
  test('tells the gateway all numbers of a child, whichever it asks for', async () => {
    const response = await post([DOUBLE, RELATED, UNRELATED, NOBODY]);
    const both = [DOUBLE, RELATED].sort();
    expect(response.json()).toEqual({
      numbers: { [DOUBLE]: both, [RELATED]: both, [UNRELATED]: [UNRELATED], [NOBODY]: [NOBODY] },
    });
  });

  test('tells nobody else', async () => {
    expect((await post([RELATED], { role: 'auditor', sub: 'p-auditor' })).statusCode).toBe(401);
  });
});

describe('eighteenthBirthdays', () => {
  test('gives the day, and the latest one of a child with several numbers', async () => {
    const found = await eighteenthBirthdays(directory.store, [RELATED, DOUBLE, LEAP, SHIELDED, EMPTY]);
    expect(found.get(RELATED)).toBe('2030-04-03');
    expect(found.get(DOUBLE)).toBe('2030-04-03');
    expect(found.get(LEAP)).toBe('2026-02-28');
    expect([...found.keys()]).toHaveLength(5);
  });

  test('says nothing of a number that nobody has, and of a child without a date of birth', async () => {
    expect(await eighteenthBirthdays(directory.store, [NOBODY, UNBORN])).toEqual(new Map());
  });
});
