import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Accreditation,
  organisation,
  practitioner,
  refusalOf,
  startAccreditation,
} from './accounts.fixture.ts';

let accreditation: Accreditation;

beforeAll(async () => {
  accreditation = await startAccreditation();
  await accreditation.holds(
    [
      organisation({ userQuota: 3 }),
      organisation({ id: 'LA-SANDBOX', stage: 'SANDBOX' }),
      organisation({ id: 'LA-EMPTY', userQuota: 5 }),
    ],
    [
      practitioner('p-one'),
      practitioner('p-two', { trainingPassedOn: '2025-06-20' }),
      practitioner('p-vetting', { vettingIssuedOn: '2023-06-14' }),
      practitioner('p-dormant', { lastUsedAt: '2026-03-16T12:00:00Z' }),
      practitioner('p-never', { lastUsedAt: null }),
      practitioner('p-suspended', {
        suspendedAt: '2026-06-01T10:00:00Z',
        lastUsedAt: '2026-06-01T09:00:00Z',
      }),
      practitioner('p-nothing', { vettingIssuedOn: null, trainingPassedOn: null, agreementSignedOn: null }),
      practitioner('p-sandbox', { organisationId: 'LA-SANDBOX' }),
    ],
  );
});

afterAll(() => accreditation.stop());

const ALL = `id name role organisation { id name sector stage userQuota grantedUsers activeUsers }
  status vettingExpiresOn trainingExpiresOn agreementSignedOn lastAccessAt`;

describe('me', () => {
  test('every field of one’s own account', async () => {
    const { data, errors } = await accreditation.as('p-one', `{ me { ${ALL} } }`);
    expect(errors).toBeUndefined();
    expect(data.me).toEqual({
      id: 'p-one',
      name: 'Name of p-one',
      role: 'social-worker',
      organisation: {
        id: 'LA-975',
        name: 'Brackenshire County Council',
        sector: 'SOCIAL_CARE',
        stage: 'LIVE',
        userQuota: 3,
        grantedUsers: 6,
        activeUsers: 4,
      },
      status: 'ACTIVE',
      vettingExpiresOn: '2028-01-10',
      trainingExpiresOn: '2027-02-01',
      agreementSignedOn: '2025-01-20',
      lastAccessAt: '2026-06-14T16:00:00.000Z',
    });
  });

  test('nobody whom accreditation does not know', async () => {
    expect((await accreditation.as('p-stranger', `{ me { ${ALL} } }`)).data).toEqual({ me: null });
  });

  test('what is missing is null', async () => {
    const { data } = await accreditation.as(
      'p-nothing',
      '{ me { vettingExpiresOn trainingExpiresOn agreementSignedOn } }',
    );
    expect(data.me).toEqual({ vettingExpiresOn: null, trainingExpiresOn: null, agreementSignedOn: null });
  });
});

describe('a colleague', () => {
  const query = `query ($all: [_Any!]!) { _entities(representations: $all) { ... on Practitioner {
    id name role status lastAccessAt organisation { id } } } }`;
  const all = ['p-two', 'p-one', 'p-stranger'].map((id) => ({ __typename: 'Practitioner', id }));

  test('is a name and a role; the rest is theirs and accreditation’s', async () => {
    const { data, errors } = await accreditation.as('p-one', query, { all });
    expect(data._entities).toEqual([
      {
        id: 'p-two',
        name: 'Name of p-two',
        role: 'social-worker',
        status: null,
        lastAccessAt: null,
        organisation: null,
      },
      expect.objectContaining({ id: 'p-one', status: 'ACTIVE', organisation: { id: 'LA-975' } }),
      null,
    ]);
    expect(
      errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code, extensions['reason']]),
    ).toEqual([
      ['_entities.0.status', 'UNAUTHORIZED_FIELD_OR_TYPE', 'SCOPE'],
      ['_entities.0.lastAccessAt', 'UNAUTHORIZED_FIELD_OR_TYPE', 'SCOPE'],
      ['_entities.0.organisation', 'UNAUTHORIZED_FIELD_OR_TYPE', 'SCOPE'],
    ]);
  });

  test('is read whole with accreditation:read', async () => {
    const { data, errors } = await accreditation.asOfficer(query, { all });
    expect(errors).toBeUndefined();
    expect(data._entities[0]).toMatchObject({ status: 'ACTIVE', organisation: { id: 'LA-975' } });
  });

  test('an organisation answers as an entity too', async () => {
    const { data } = await accreditation.as(
      'p-one',
      'query ($all: [_Any!]!) { _entities(representations: $all) { ... on Organisation { id name } } }',
      { all: ['LA-975', 'LA-0'].map((id) => ({ __typename: 'Organisation', id })) },
    );
    expect(data._entities).toEqual([{ id: 'LA-975', name: 'Brackenshire County Council' }, null]);
  });
});

describe('the officer', () => {
  test.each([
    ['p-one', 'ACTIVE'],
    ['p-vetting', 'VETTING_LAPSED'],
    ['p-dormant', 'DORMANT'],
    ['p-suspended', 'SUSPENDED'],
    ['p-nothing', 'VETTING_LAPSED'],
    ['p-never', 'DORMANT'],
    ['p-sandbox', 'ORGANISATION_NOT_LIVE'],
  ])('%s is %s', async (id, status) => {
    const { data } = await accreditation.asOfficer('query ($id: ID!) { practitioner(id: $id) { status } }', {
      id,
    });
    expect(data.practitioner.status).toBe(status);
  });

  test('an unknown practitioner or organisation is null', async () => {
    const { data, errors } = await accreditation.asOfficer(
      '{ practitioner(id: "p-0") { id } organisation(id: "LA-0") { id } accessReview(organisationId: "LA-0") { overQuotaBy } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ practitioner: null, organisation: null, accessReview: null });
  });

  test('reviews an organisation’s accounts', async () => {
    const { data } = await accreditation.asOfficer(
      '{ accessReview(organisationId: "LA-975") { overQuotaBy dormant { id } lapsing { id } } }',
    );
    expect(data.accessReview).toEqual({
      overQuotaBy: 3,
      dormant: [{ id: 'p-dormant' }, { id: 'p-never' }],
      lapsing: [{ id: 'p-nothing' }, { id: 'p-two' }, { id: 'p-vetting' }],
    });
  });

  test.each([
    [4, ['p-nothing', 'p-vetting']],
    [5, ['p-nothing', 'p-two', 'p-vetting']],
  ])('sees what lapses within %i days', async (days, ids) => {
    const { data } = await accreditation.asOfficer(
      'query ($days: Int) { accessReview(organisationId: "LA-975", withinDays: $days) { lapsing { id } } }',
      { days },
    );
    expect(data.accessReview.lapsing.map(({ id }: { id: string }) => id)).toEqual(ids);
  });

  test('counts each organisation’s accounts, page by page', async () => {
    const query = `query ($first: Int, $after: String, $days: Int) { organisations(first: $first, after: $after) {
      organisations { id userQuota grantedUsers activeUsers dormantUsers lapsingUsers(withinDays: $days) }
      total endCursor hasNextPage } }`;
    const first = (await accreditation.asOfficer(query, { first: 3, days: 4 })).data.organisations;
    expect(first).toEqual({
      organisations: [
        {
          id: 'CONTACTPOINT',
          userQuota: 10,
          grantedUsers: 1,
          activeUsers: 1,
          dormantUsers: 0,
          lapsingUsers: 0,
        },
        { id: 'LA-975', userQuota: 3, grantedUsers: 6, activeUsers: 4, dormantUsers: 2, lapsingUsers: 2 },
        { id: 'LA-EMPTY', userQuota: 5, grantedUsers: 0, activeUsers: 0, dormantUsers: 0, lapsingUsers: 0 },
      ],
      total: 4,
      endCursor: 'LA-EMPTY',
      hasNextPage: true,
    });
    const rest = await accreditation.asOfficer(query, { first: 3, after: first.endCursor });
    expect(rest.data.organisations).toMatchObject({
      organisations: [{ id: 'LA-SANDBOX' }],
      total: 4,
      hasNextPage: false,
    });
  });

  test.each([0, 101])('takes no page of %i organisations', async (first) => {
    const answer = await accreditation.asOfficer(`{ organisations(first: ${first}) { endCursor } }`);
    expect(refusalOf(answer)).toBe('BAD_USER_INPUT first RANGE');
  });

  test('who works there is not told how many accounts are dormant or lapse', async () => {
    const { data, errors } = await accreditation.as(
      'p-one',
      '{ me { organisation { grantedUsers dormantUsers lapsingUsers } } }',
    );
    expect(data.me.organisation).toEqual({ grantedUsers: 6, dormantUsers: null, lapsingUsers: null });
    expect(errors?.map(({ extensions }) => extensions['reason'])).toEqual(['SCOPE', 'SCOPE']);
  });

  test('reviews an organisation without accounts', async () => {
    const { data } = await accreditation.asOfficer(
      '{ accessReview(organisationId: "LA-EMPTY") { overQuotaBy dormant { id } lapsing { id } } }',
    );
    expect(data.accessReview).toEqual({ overQuotaBy: 0, dormant: [], lapsing: [] });
  });

  test('does not review the own account', async () => {
    const { data } = await accreditation.asOfficer(
      '{ accessReview(organisationId: "CONTACTPOINT", withinDays: 1096) { lapsing { id } } }',
    );
    expect(data.accessReview.lapsing).toEqual([]);
  });

  test.each([-1, 1097])('cannot look %i days ahead', async (days) => {
    const answer = await accreditation.asOfficer(
      `{ accessReview(organisationId: "LA-975", withinDays: ${days}) { overQuotaBy } }`,
    );
    expect(refusalOf(answer)).toBe('BAD_USER_INPUT withinDays RANGE');
  });
});

describe('without a scope', () => {
  test.each([
    '{ practitioner(id: "p-one") { id } }',
    '{ organisation(id: "LA-975") { id } }',
    '{ organisations { endCursor } }',
    '{ accessReview(organisationId: "LA-975") { overQuotaBy } }',
    'mutation { suspendAccess(practitionerId: "p-two", reason: "because I would like to") { id } }',
    'mutation { setOrganisationStage(organisationId: "LA-SANDBOX", stage: LIVE) { id } }',
  ])('%s is refused', async (query) => {
    const answer = await accreditation.as('p-one', query);
    expect(Object.values(answer.data)).toEqual([null]);
    expect(refusalOf(answer)).toBe('UNAUTHORIZED_FIELD_OR_TYPE SCOPE');
  });
});
