import { createValueDigest } from '@contactpoint/subgraph-kit/compared-values';
import { TEST_KEYS, type TestSubgraph, testSystemBody } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingestDirectory } from '../ingest.ts';
import { mergeIdentities } from '../merge-identities.ts';
import { startDirectory } from '../testing/directory.ts';
import { EMPTY, NOBODY, RELATED, related, SHIELDED, UNRELATED, unrelated } from '../testing/identities.ts';

const KEY = Buffer.alloc(32, 5).toString('base64url');
const DAY = '2026-11-20';
const ALONE = '0000000000000A01';
const AGAIN = '0000000000000A02';
const digest = createValueDigest(KEY);

let directory: TestSubgraph;
beforeAll(async () => {
  directory = await startDirectory();
  const address = { line1: '7 Quay', town: 'Anytown', postcode: 'ZZ1 1ZZ', from: '2020-01-01' };
  const alone = { ...unrelated, identifiers: [], formerNames: [], carers: [], addresses: [address] };
  await ingestDirectory(directory.store, [
    { ...alone, id: ALONE },
    { ...alone, id: AGAIN, addresses: [{ ...address, line1: '7, QUAY', postcode: 'zz11zz' }] },
  ]);
});
afterAll(() => directory?.stop());

async function send(content: object, role = 'gateway') {
  const payload = await testSystemBody(TEST_KEYS, 'directory', '/comparisons', content, { role });
  return await directory.app.inject({ method: 'POST', url: '/comparisons', payload });
}

async function compared(children: readonly string[], practitionerId = 'p-nobody', day = DAY) {
  const response = await send({ key: KEY, readings: [{ practitionerId, day, children }] });
  expect(response.statusCode).toBe(200);
  return response.json().readings[0];
}

describe('POST /comparisons', () => {
  test('gives names, carers, authority and address as digests, and no value', async () => {
    const response = await send({
      key: KEY,
      readings: [{ practitionerId: 'p-nobody', day: DAY, children: [RELATED] }],
    });
    expect(response.json().readings[0]).toEqual({
      [RELATED]: {
        child: digest('child', RELATED),
        familyNames: [digest('family-name', 'HUGHES'), digest('family-name', 'BARTON')],
        carers: [digest('person', 'JO HUGHES')],
        authority: digest('authority', '975'),
        address: digest('address', 'ZZ91AA 3MILLLANE'),
        household: 2,
        ...{ related: false, given: false },
      },
    });
    for (const value of ['Hughes', 'HUGHES', '975', 'ZZ9', 'Mill'])
      expect(response.body).not.toContain(value);
  });

  test('gives other digests under another key', async () => {
    const readings = [{ practitionerId: 'p-nobody', day: DAY, children: [RELATED] }];
    const key = Buffer.alloc(32, 6).toString('base64url');
    const other = (await send({ key, readings })).json().readings[0][RELATED];
    const { familyNames } = (await compared([RELATED]))[RELATED];
    expect(other.familyNames).toHaveLength(familyNames.length);
    expect(familyNames).not.toContain(other.familyNames[0]);
  });

  test('answers of a shielded child as of one without authority and address', async () => {
    const { [SHIELDED]: shielded, [EMPTY]: empty } = await compared([SHIELDED, EMPTY], 'p-social-worker');
    const hidden = { authority: null, address: null, household: 0 };
    expect(shielded).toMatchObject({ ...hidden, related: true, given: true });
    expect({ ...shielded, child: '' }).toEqual({ ...empty, child: '' });
  });

  test('counts no shielded child among those at an address, whichever way it is asked', async () => {
    const { [RELATED]: one, [UNRELATED]: other } = await compared([RELATED, UNRELATED]);
    expect([one.household, other.household]).toEqual([2, 2]);
    expect(one.address).toBe(other.address);
  });

  test('finds the same address however it was written', async () => {
    const { [ALONE]: one, [AGAIN]: other } = await compared([ALONE, AGAIN]);
    expect(one.address).toBe(other.address);
    expect(one.household).toBe(2);
  });

  test('leaves out whom nobody knows', async () => {
    expect(await compared([NOBODY])).toEqual({});
  });

  test.each([
    ['since before the day', 'p-teacher', DAY, { related: true, given: true }],
    ['of somebody else', 'p-nobody', DAY, { related: false, given: false }],
  ])('says whether there is a relationship: %s', async (_case, practitioner, day, expected) => {
    expect((await compared([RELATED], practitioner, day))[RELATED]).toMatchObject(expected);
  });

  test.each([
    ['that ended on the day', { involved_to: DAY }, true],
    ['that ended the day before', { involved_to: '2026-11-19' }, false],
    ['that its practitioner ended on the day', { ended_at: '2026-11-20T00:00:01Z' }, true],
    ['that its practitioner ended before', { ended_at: '2026-11-19T23:59:59Z' }, false],
    ['that begins only tomorrow', { involved_from: '2999-01-01' }, false],
  ])('counts an involvement %s', async (_case, change, isRelated) => {
    const row = { id: 'changing', child_id: UNRELATED, practitioner_id: 'p-own', organisation_id: 'LA-975' };
    const more = { sector: 'SOCIAL_CARE', service: 'Duty', is_lead: false, self_recorded: true };
    await directory.store`insert into involvement ${directory.store({
      ...{ ...row, ...more, involved_from: '2026-01-01' },
      ...change,
    })}`;
    const { related: found, given } = (await compared([UNRELATED], 'p-own'))[UNRELATED];
    await directory.store`delete from involvement where id = 'changing'`;
    expect({ found, given }).toEqual({ found: isRelated, given: false });
  });

  test('is the same for every number of a child, shield and relationship too', async () => {
    const old = '0000000000000B01';
    await ingestDirectory(directory.store, [
      { ...related, id: old, identifiers: [], shielded: true, involvements: [], familyName: 'Elsewhere' },
    ]);
    const before = (await compared([RELATED], 'p-teacher'))[RELATED];
    expect(before.address).not.toBeNull();
    await mergeIdentities(directory.store, {
      ...{ from: old, into: RELATED, by: 'p-identity-steward', reason: 'The same child' },
      at: new Date(),
    });
    const { [old]: one, [RELATED]: other } = await compared([old, RELATED], 'p-teacher');
    expect(one).toEqual(other);
    expect(one).toMatchObject({ address: null, household: 0, related: true, given: true });
  });

  test('is journaled by child, and is not for practitioners', async () => {
    await directory.store`truncate access_journal`;
    await compared([RELATED, NOBODY]);
    const rows = await directory.store`
      select practitioner, operation, child_id from access_journal order by child_id nulls first`;
    const row = { practitioner: 'gateway', operation: 'comparisons' };
    expect([...rows]).toEqual([null, RELATED, NOBODY].map((child) => ({ ...row, child_id: child })));
    const refused = await send({ key: KEY, readings: [] }, 'social-worker');
    expect(refused.statusCode).toBe(401);
  });

  test.each([
    { readings: [] },
    { key: 'short', readings: [] },
    { key: KEY, readings: [{ practitionerId: 'p', day: 'today', children: [] }] },
  ])('is refused for %j', async (content) => {
    expect((await send(content)).statusCode).toBe(400);
  });
});
