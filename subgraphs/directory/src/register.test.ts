import type { TestSubgraph } from '@contactpoint/subgraph-kit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type IncomingIdentity, type RegistrationResult, registerIdentities } from './register.ts';
import { askAs, caller, startDirectory } from './testing/directory.ts';
import { RELATED, RELATED_UPN, SHIELDED, SHIELDED_NHS, SHIELDED_UPN } from './testing/identities.ts';

const NEW_NHS = '9990000026';

let directory: TestSubgraph;
beforeEach(async () => {
  directory = await startDirectory();
});
afterEach(() => directory?.stop());

const register = (incoming: readonly IncomingIdentity[]): Promise<RegistrationResult[]> =>
  directory.store.begin(async (sql) => await registerIdentities(sql, incoming));
const registerOne = async (incoming: IncomingIdentity) => (await register([incoming]))[0];

const newcomer: IncomingIdentity = {
  ref: 'row 2',
  authority: '975',
  localId: 'n-1',
  dateOfBirth: '2015-05-05',
  sex: 'MALE',
  nhsNumber: NEW_NHS,
};

/** The shielded child under a number that the authority has never used. */
const double: IncomingIdentity = {
  ref: 'row 3',
  authority: '975',
  localId: 'n-2',
  dateOfBirth: '2011-12-30',
  sex: 'FEMALE',
};

async function children(): Promise<number> {
  const [{ count } = { count: 0 }] = await directory.store<{ count: number }[]>`
    select count(*)::int as count from child`;
  return count;
}

describe('registerIdentities', () => {
  test('creates once, under a random number, with the authority as holder', async () => {
    const created = await registerOne(newcomer);
    expect(created).toMatchObject({ ref: 'row 2', outcome: 'created', dropped: [] });
    expect(created?.childId).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
    expect(await registerOne(newcomer)).toEqual({ ...created, outcome: 'unchanged' });
    expect(
      await directory.store`select sector, organisation_id from record_holder where child_id = ${created?.childId ?? ''}`,
    ).toEqual([{ sector: 'SOCIAL_CARE', organisation_id: 'LA-975' }]);

    const who = caller('social-worker', 'S47');
    const query = `query ($value: String!) {
      childByIdentifier(system: LOCAL_AUTHORITY_CHILD_ID, value: $value) { id dateOfBirth } }`;
    const { data } = await askAs(directory, who, query, { value: 'n-1' });
    expect(data.childByIdentifier).toEqual({ id: created?.childId, dateOfBirth: '2015-05-05' });
  });

  test('the same number in two authorities is two children', async () => {
    const [one, other] = await register([
      newcomer,
      { ...newcomer, authority: '976', nhsNumber: '9990000034' },
    ]);
    expect([one?.outcome, other?.outcome]).toEqual(['created', 'created']);
    expect(one?.childId).not.toBe(other?.childId);
  });

  test('takes over what is new and lets silence take nothing away', async () => {
    await registerOne({ ...newcomer, dateOfBirth: null, sex: 'UNKNOWN' });
    const named = { ...newcomer, givenNames: ['Finn'], familyName: 'Reid', ethnicity: 'WBRI' };
    const updated = await registerOne(named);
    expect(updated?.outcome).toBe('updated');
    expect(await registerOne({ ...newcomer, sex: 'UNKNOWN', dateOfBirth: null })).toMatchObject({
      outcome: 'unchanged',
    });
    expect(
      await directory.store`select given_names, family_name, date_of_birth, sex from child where id = ${updated?.childId ?? ''}`,
    ).toEqual([{ given_names: ['Finn'], family_name: 'Reid', date_of_birth: '2015-05-05', sex: 'MALE' }]);

    const query = `{ findChildren(criteria: { givenName: "Fin", familyName: "Reed", dateOfBirth: "2015-05-05" }) {
      candidates { child { id } } } }`;
    const { data } = await askAs(directory, caller('social-worker', 'S47'), query);
    expect(data.findChildren.candidates).toEqual([{ child: { id: updated?.childId } }]);
  });

  test('a row later in the file sees what an earlier one did', async () => {
    const results = await register([
      newcomer,
      { ...newcomer, ref: 'row 9', familyName: 'Reid' },
      { ...newcomer, ref: 'row 10', dateOfBirth: '2015-05-06' },
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['created', 'updated', 'contradiction']);
    expect(results[1]?.childId).toBe(results[0]?.childId);
    expect(await children()).toBe(5);
  });

  test('the same number with another date of birth contradicts, and changes nothing', async () => {
    const result = await registerOne({
      ...double,
      localId: 'c-100',
      dateOfBirth: '2012-03-05',
      familyName: 'Other',
    });
    expect(result).toEqual({ ref: 'row 3', outcome: 'contradiction', dropped: [] });
    expect(await directory.store`select family_name from child where id = ${RELATED}`).toEqual([
      { family_name: 'Hughes' },
    ]);
  });

  test("a number that is another child's is left out and reported", async () => {
    const result = await registerOne({ ...newcomer, upn: RELATED_UPN });
    expect(result).toMatchObject({ outcome: 'created', dropped: ['UPN_IN_USE'] });
    expect(await registerOne({ ...newcomer, upn: RELATED_UPN })).toEqual({ ...result, outcome: 'unchanged' });
  });

  test.each([
    ['no names, same authority', {}],
    ['sex unknown', { sex: 'UNKNOWN' as const }],
    ['same names', { givenNames: ['Isla'], familyName: 'Garside', authority: '976' }],
    ['names misspelt', { givenNames: ['Islah'], familyName: 'Garsyde' }],
    ['family name changed', { givenNames: ['Isla'], familyName: 'Patel' }],
    ['no date of birth, same names', { dateOfBirth: null, givenNames: ['Isla'], familyName: 'Garside' }],
    [
      'another birthday, the NHS number',
      { dateOfBirth: '2010-01-01', nhsNumber: SHIELDED_NHS, authority: '976' },
    ],
    ['another birthday, the UPN', { dateOfBirth: '2010-01-01', upn: SHIELDED_UPN }],
  ])('who resembles a shielded child is not created: %s', async (_case, change) => {
    expect(await registerOne({ ...double, ...change })).toEqual({
      ref: 'row 3',
      outcome: 'resembles-shielded',
      dropped: [],
    });
    expect(await children()).toBe(4);
  });

  test.each([
    ['another day', { dateOfBirth: '2011-12-29' }],
    ['the other sex', { sex: 'MALE' as const }],
    ['no names, another authority', { authority: '976' }],
    ['other names', { givenNames: ['Zoe'], familyName: 'Patel' }],
    ['unborn without names', { dateOfBirth: null }],
  ])('others are: %s', async (_case, change) => {
    expect(await registerOne({ ...double, ...change })).toMatchObject({ outcome: 'created' });
  });

  test('a shield holds when the child comes again under a number that is known', async () => {
    const again = { ...double, localId: 'c-200', familyName: 'Garside-Moore' };
    expect(await registerOne(again)).toMatchObject({ outcome: 'updated', childId: SHIELDED });
    expect(await registerOne(again)).toMatchObject({ outcome: 'unchanged', childId: SHIELDED });
    const { data } = await askAs(
      directory,
      caller('social-worker', 'S47', { sub: 'p-team-worker' }),
      `{ child(id: "${SHIELDED}") { familyName addresses { postcode } localAuthority } }`,
    );
    expect(data.child).toEqual({ familyName: 'Garside-Moore', addresses: null, localAuthority: null });
  });

  test('leaves nothing behind when the import fails after it', async () => {
    const failed = directory.store.begin(async (sql) => {
      await registerIdentities(sql, [newcomer]);
      throw new Error('a later row is malformed');
    });
    await expect(failed).rejects.toThrow('malformed');
    expect(await children()).toBe(4);
  });

  test('takes thousands, and two imports at once make each child once', async () => {
    const many = Array.from({ length: 3000 }, (_, place) => ({
      ref: `row ${place}`,
      authority: '977',
      localId: `m-${place}`,
      dateOfBirth: '2014-02-02',
      sex: 'UNKNOWN' as const,
      givenNames: ['Ada'],
      familyName: `Family${place}`,
    }));
    const [first, second] = await Promise.all([register(many), register(many)]);
    const outcomes = (results: readonly RegistrationResult[]) => [
      ...new Set(results.map(({ outcome }) => outcome)),
    ];
    expect([outcomes(first), outcomes(second)].flat().sort()).toEqual(['created', 'unchanged']);
    expect(first.map(({ childId }) => childId)).toEqual(second.map(({ childId }) => childId));
    expect(await children()).toBe(3004);
  });
});
