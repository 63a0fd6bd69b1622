import { ask, type TestSubgraph } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askAs, caller, reasonsOf, startDirectory } from '../testing/directory.ts';
import {
  EMPTY,
  NOBODY,
  RELATED,
  RELATED_NHS,
  RELATED_UPN,
  SHIELDED,
  SHIELDED_NHS,
  SHIELDED_UPN,
  UNRELATED,
} from '../testing/identities.ts';

const VIEW = `
  id givenNames familyName dateOfBirth sex formerNames ethnicity nhsNumber upn localAuthority
  addresses { line1 town postcode uprn from to }
  parentsAndCarers { name relationship hasParentalResponsibility phone }
  involvements { id sector service practitionerName practitionerRole phone email from to isLead brokered }
  leadProfessional { id practitionerName }`;
const CHILD = `query ($id: ID!) { child(id: $id) { ${VIEW} } }`;
const BY_NUMBER = `query ($system: IdentifierSystem!, $value: String!) {
  childByIdentifier(system: $system, value: $value) { id familyName } }`;

const allocated = caller('social-worker', 'S47');
const teamWorker = caller('social-worker', 'S47', { sub: 'p-team-worker' });
const teacher = caller('teacher', 'ED');

let directory: TestSubgraph;
beforeAll(async () => {
  directory = await startDirectory();
});
afterAll(() => directory?.stop());

describe('child', () => {
  test('shows the allocated social worker everything but what is sealed', async () => {
    const { data, errors } = await askAs(directory, allocated, CHILD, { id: RELATED });
    expect(errors).toBeUndefined();
    expect(data.child).toMatchObject({
      id: RELATED,
      givenNames: ['Amelia', 'Rose'],
      dateOfBirth: '2012-03-04',
      formerNames: null,
      ethnicity: 'WBRI',
      nhsNumber: RELATED_NHS,
      upn: RELATED_UPN,
      localAuthority: '975',
      parentsAndCarers: [{ name: 'Jo Hughes', relationship: 'Mother', phone: '01632 960002' }],
      leadProfessional: { practitionerName: 'Sam Okafor' },
    });
    expect(data.child.addresses.map(({ postcode }: { postcode: string }) => postcode)).toEqual([
      'ZZ9 1AA',
      'ZZ8 2BB',
    ]);
    expect(data.child.involvements).toHaveLength(7);
  });

  test('of a sensitive service nothing but the broker is shown, and it never leads', async () => {
    const { data } = await askAs(directory, allocated, CHILD, { id: RELATED });
    const brokered = data.child.involvements.filter((each: { brokered: boolean }) => each.brokered);
    expect(brokered).toEqual([
      {
        id: `${RELATED}-sexual-health`,
        sector: null,
        service: null,
        practitionerName: null,
        practitionerRole: null,
        phone: '01632 960099',
        email: null,
        from: null,
        to: null,
        isLead: null,
        brokered: true,
      },
    ]);
    expect(data.child.leadProfessional.id).toBe(`${RELATED}-allocated`);
    expect(JSON.stringify(data)).not.toMatch(/Sexual|Nobody May|960666|clinic@/);
  });

  test('shows a teacher of the child the minimal address and no involvement', async () => {
    const { data } = await askAs(directory, teacher, CHILD, { id: RELATED });
    expect(data.child).toMatchObject({
      familyName: 'Hughes',
      localAuthority: '975',
      upn: null,
      involvements: null,
      leadProfessional: null,
      parentsAndCarers: [{ name: 'Jo Hughes', relationship: null, phone: null }],
    });
    expect(data.child.addresses[0]).toEqual({
      line1: null,
      town: 'Anytown',
      postcode: null,
      uprn: null,
      from: null,
      to: null,
    });
  });

  test('an unknown number and an unrelated child are one answer to who may not search', async () => {
    const unrelated = await askAs(directory, teacher, CHILD, { id: UNRELATED });
    const unknown = await askAs(directory, teacher, CHILD, { id: NOBODY });
    const malformed = await askAs(directory, teacher, CHILD, { id: "' or 1=1" });
    expect(unrelated.data).toEqual({ child: null });
    expect(reasonsOf(unrelated)).toEqual({ child: 'RELATIONSHIP' });
    expect(unknown).toEqual(unrelated);
    expect(malformed).toEqual(unrelated);
  });

  test('who may search gets the identity of an unrelated child, and nothing for an unknown number', async () => {
    const { data } = await askAs(directory, allocated, CHILD, { id: UNRELATED });
    expect(data.child).toMatchObject({ familyName: 'Pritchard', addresses: null, localAuthority: null });
    expect(data.child.parentsAndCarers).toEqual([
      { name: 'Jo Hughes', relationship: null, hasParentalResponsibility: null, phone: null },
    ]);
    expect(await askAs(directory, allocated, CHILD, { id: NOBODY })).toEqual({
      status: 200,
      data: { child: null },
    });
  });

  test.each([
    ['a purpose outside the row', caller('teacher', 'S47'), 'PURPOSE'],
    ['a role without children', caller('auditor', 'AUD'), 'POLICY'],
  ])('%s opens nothing', async (_case, who, reason) => {
    const answer = await askAs(directory, who, CHILD, { id: RELATED });
    expect(answer.data).toEqual({ child: null });
    expect(reasonsOf(answer)).toEqual({ child: reason });
  });

  test.each([
    ['social worker on the team', teamWorker],
    ['teacher', teacher],
    ['general practitioner', caller('general-practitioner', 'DC')],
    ['screener without relationship', caller('mash-screener', 'S47')],
    [
      'the same, breaking the glass',
      { ...caller('mash-screener', 'S47'), override: true, children: { [SHIELDED]: {}, [EMPTY]: {} } },
    ],
    ['stranger', caller('social-worker', 'S47', { sub: 'p-000009' })],
  ])('a shielded child answers (%s) like one who has nothing', async (_case, who) => {
    const [shielded, empty] = await Promise.all([
      askAs(directory, who, CHILD, { id: SHIELDED }),
      askAs(directory, who, CHILD, { id: EMPTY }),
    ]);
    // Special-category data is not what a shield hides; the empty child has none.
    const comparable = (answer: typeof shielded) =>
      JSON.stringify({ ...answer, data: { child: { ...answer.data.child, id: '', ethnicity: '' } } });
    expect(shielded.data.child.familyName).toBe('Garside');
    expect(comparable(shielded)).toBe(comparable(empty));
  });

  test('the allocated social worker sees through the shield', async () => {
    const { data } = await askAs(directory, allocated, CHILD, { id: SHIELDED });
    expect(data.child).toMatchObject({
      upn: SHIELDED_UPN,
      leadProfessional: { id: `${SHIELDED}-allocated` },
    });
  });
});

describe('break-glass', () => {
  const screener = { ...caller('mash-screener', 'S47'), override: true };
  const both = `{ a: child(id: "${RELATED}") { formerNames } b: child(id: "${UNRELATED}") { formerNames } }`;

  test.each([
    ['the child that the grant names', [RELATED], [['Amelia Barton'], null]],
    ['no child that it does not name', [], [null, null]],
    ['no child in the place of another', [NOBODY], [null, null]],
  ])('unseals %s', async (_case, named, unsealed) => {
    const children = Object.fromEntries(named.map((id) => [id, {}]));
    const { data } = await askAs(directory, { ...screener, children } as typeof screener, both);
    expect([data.a.formerNames, data.b.formerNames]).toEqual(unsealed);
  });

  test('is nothing to a grant that names a child without it', async () => {
    const who = { ...screener, override: false, children: { [RELATED]: {} } };
    expect((await askAs(directory, who, both)).data.a).toEqual({ formerNames: null });
  });
});

describe('childByIdentifier', () => {
  const look = (who: typeof allocated, system: string, value: string) =>
    askAs(directory, who, BY_NUMBER, { system, value });
  const gp = caller('general-practitioner', 'DC');

  test.each([
    ['NHS number', gp, 'NHS_NUMBER', RELATED_NHS],
    ['NHS number in groups', gp, 'NHS_NUMBER', ' 943 476 5870 '],
    ['UPN', allocated, 'UPN', RELATED_UPN],
    ['UPN in lower case', teacher, 'UPN', 'b8012 0000 5001'],
    ['own authority', allocated, 'LOCAL_AUTHORITY_CHILD_ID', 'c-100'],
    ['ContactPoint number', teacher, 'CONTACTPOINT', RELATED.toLowerCase()],
  ])('finds by %s', async (_case, who, system, value) => {
    const { data } = await look(who, system, value);
    expect(data.childByIdentifier?.id).toBe(RELATED);
  });

  test.each([
    ['teacher, NHS number', teacher, 'NHS_NUMBER', RELATED_NHS],
    ['general practitioner, UPN', gp, 'UPN', RELATED_UPN],
    ['teacher, child id of an authority', teacher, 'LOCAL_AUTHORITY_CHILD_ID', 'c-100'],
    [
      'authority role outside one',
      { ...allocated, organisation: 'VCS-01' },
      'LOCAL_AUTHORITY_CHILD_ID',
      'c-100',
    ],
    ['auditor', caller('auditor', 'AUD'), 'CONTACTPOINT', RELATED],
  ])('refuses by policy: %s', async (_case, who, system, value) => {
    const answer = await look(who, system, value);
    expect(answer.data).toEqual({ childByIdentifier: null });
    expect(reasonsOf(answer)).toEqual({ childByIdentifier: 'POLICY' });
  });

  test("another authority's child id is nobody's here", async () => {
    expect(
      (await look({ ...allocated, organisation: 'LA-976' }, 'LOCAL_AUTHORITY_CHILD_ID', 'c-100')).data,
    ).toEqual({ childByIdentifier: expect.objectContaining({ id: UNRELATED }) });
    expect(
      (await look({ ...allocated, organisation: 'LA-977' }, 'LOCAL_AUTHORITY_CHILD_ID', 'c-100')).data,
    ).toEqual({ childByIdentifier: null });
  });

  test('a UPN never finds a shielded child; valid, invalid and shielded are one answer', async () => {
    for (const who of [allocated, teacher, caller('identity-steward', 'MATCH')]) {
      const shielded = await look(who, 'UPN', SHIELDED_UPN);
      const unknown = await look(who, 'UPN', 'A000000000000');
      const invalid = await look(who, 'UPN', 'A801200005001');
      expect(shielded.data).toEqual({ childByIdentifier: null });
      expect(unknown).toEqual(shielded);
      expect(invalid).toEqual(shielded);
    }
  });

  const screener = caller('mash-screener', 'S47');

  test.each([
    ['NHS number, on the team', gp, 'NHS_NUMBER', SHIELDED_NHS],
    ['NHS number, without relationship', { ...gp, sub: 'p-locum' }, 'NHS_NUMBER', SHIELDED_NHS],
    ['NHS number, screener', screener, 'NHS_NUMBER', SHIELDED_NHS],
    ['child id of the own authority, screener', screener, 'LOCAL_AUTHORITY_CHILD_ID', 'c-200'],
    ['child id of the own authority, team', teamWorker, 'LOCAL_AUTHORITY_CHILD_ID', 'c-200'],
  ])('a number that a shield hides finds nobody: %s', async (_case, who, system, value) => {
    const hidden = await look(who, system, value);
    expect(hidden).toEqual({ status: 200, data: { childByIdentifier: null } });
    expect(hidden).toEqual(await look(who, system, system === 'NHS_NUMBER' ? '9990000026' : 'c-nobody'));
  });

  test.each([
    ['NHS_NUMBER', SHIELDED_NHS],
    ['LOCAL_AUTHORITY_CHILD_ID', 'c-200'],
  ])(
    '%s finds a shielded child for the one it is allocated to, from whom it is not hidden',
    async (system, value) => {
      expect((await look(allocated, system, value)).data.childByIdentifier.familyName).toBe('Garside');
    },
  );
});

describe('the access grant', () => {
  const ENTITIES = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on Child { ${VIEW} } } }`;
  const everything = {
    IDENTITY: 'FULL',
    LOCATION: 'FULL',
    INVOLVEMENT: 'FULL',
    STATUS: 'FULL',
    SPECIAL: 'FULL',
    SEALED: 'FULL',
  } as const;
  const entity = async (who: typeof allocated, id: string) => {
    return await ask(directory.app, {
      ...who,
      sector: who.role === 'teacher' ? 'EDUCATION' : 'SOCIAL_CARE',
      query: ENTITIES,
      variables: { representations: [{ __typename: 'Child', id }] },
      children: { [id]: everything },
    });
  };

  test('opens no more than the directory itself would', async () => {
    const { data } = await entity(teacher, RELATED);
    expect(data._entities[0]).toMatchObject({
      familyName: 'Hughes',
      upn: null,
      formerNames: null,
      ethnicity: null,
      involvements: null,
      addresses: [{ line1: null, town: 'Anytown' }, { postcode: null }],
    });
    expect((await entity(teacher, UNRELATED)).data._entities[0]).toMatchObject({ familyName: null });
    expect((await entity(teamWorker, SHIELDED)).data._entities[0]).toMatchObject({ addresses: null });
  });

  test('names nobody into being', async () => {
    const [nobody] = (await entity(allocated, NOBODY)).data._entities;
    const { id, ...rest } = nobody;
    expect(id).toBe(NOBODY);
    expect(Object.values(rest).every((value) => value === null)).toBe(true);
  });
});
