import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Accreditation,
  OFFICER,
  organisation,
  practitioner,
  refusalOf,
  startAccreditation,
} from '../accounts.fixture.ts';

let accreditation: Accreditation;

beforeAll(async () => {
  accreditation = await startAccreditation();
});

afterAll(() => accreditation.stop());

beforeEach(() =>
  accreditation.holds(
    [
      organisation({ userQuota: 3 }),
      organisation({ id: 'LA-PILOT', stage: 'PILOT' }),
      organisation({ id: 'LA-SANDBOX', stage: 'SANDBOX' }),
      organisation({ id: 'LA-OUT', stage: 'SUSPENDED' }),
    ],
    [
      practitioner('p-one'),
      practitioner('p-dormant', { lastUsedAt: '2026-01-05T12:00:00Z' }),
      practitioner('p-suspended', { suspendedAt: '2026-06-01T10:00:00Z' }),
    ],
  ),
);

const REASON = 'The manager asked for it in writing';

const GRANT = `mutation ($input: GrantAccessInput!) { grantAccess(input: $input) {
  id name role status organisation { id grantedUsers } vettingExpiresOn trainingExpiresOn lastAccessAt } }`;

const INPUT = {
  name: 'Sam Fielding',
  role: 'social-worker',
  organisationId: 'LA-975',
  vettingCertificate: '0015 1234 5678',
  vettingIssuedOn: '2025-06-15',
  trainingPassedOn: '2026-06-15',
  agreementSignedOn: '2026-06-14',
};

const grant = (input: Partial<typeof INPUT> = {}) =>
  accreditation.asOfficer(GRANT, { input: { ...INPUT, ...input } });

describe('grantAccess', () => {
  test('opens an account that may be used at once, and says who opened it on what', async () => {
    const { data, errors } = await grant();
    expect(errors).toBeUndefined();
    const { id, ...account } = data.grantAccess;
    expect(account).toEqual({
      name: 'Sam Fielding',
      role: 'social-worker',
      status: 'ACTIVE',
      organisation: { id: 'LA-975', grantedUsers: 3 },
      vettingExpiresOn: '2028-06-15',
      trainingExpiresOn: '2027-06-15',
      lastAccessAt: null,
    });
    expect(await accreditation.historyOf(id)).toEqual([
      {
        actor: OFFICER.id,
        act: 'GRANT',
        reason: null,
        detail: {
          role: 'social-worker',
          organisationId: 'LA-975',
          certificate: '001512345678',
          vettingIssuedOn: '2025-06-15',
          trainingPassedOn: '2026-06-15',
          agreementSignedOn: '2026-06-14',
        },
      },
    ]);
  });

  test.each([
    ['an unknown role', { role: 'minister' }, 'role UNKNOWN'],
    ['a role that the organisation does not have', { role: 'general-practitioner' }, 'role UNFIT'],
    ['a role of the operator', { role: 'accreditation-officer' }, 'role UNFIT'],
    ['an unknown organisation', { organisationId: 'LA-000' }, 'organisationId UNKNOWN'],
    ['an organisation in the sandbox', { organisationId: 'LA-SANDBOX' }, 'organisationId STATE'],
    ['a suspended organisation', { organisationId: 'LA-OUT' }, 'organisationId STATE'],
    ['vetting older than 3 years', { vettingIssuedOn: '2023-06-14' }, 'vettingIssuedOn OUTDATED'],
    ['vetting from the future', { vettingIssuedOn: '2026-06-16' }, 'vettingIssuedOn FUTURE'],
    ['training older than 12 months', { trainingPassedOn: '2025-06-14' }, 'trainingPassedOn OUTDATED'],
    ['an agreement from the future', { agreementSignedOn: '2026-06-16' }, 'agreementSignedOn FUTURE'],
    ['a day that does not exist', { vettingIssuedOn: '2025-02-30' }, 'vettingIssuedOn FORM'],
    ['no name', { name: ' ' }, 'name LENGTH'],
    ['a name that reads as another', { name: 'Sam \u202egnidleiF' }, 'name CHARACTERS'],
    ['no certificate', { vettingCertificate: '?' }, 'vettingCertificate FORM'],
  ])('refuses %s, and opens nothing', async (_case, input, problem) => {
    const answer = await grant(input);
    expect(answer.data).toEqual({ grantAccess: null });
    expect(refusalOf(answer)).toBe(`BAD_USER_INPUT ${problem}`);
    const [count] = await accreditation.store`select count(*)::int as n from practitioner`;
    expect(count?.['n']).toBe(4);
  });

  test('an organisation in pilot may', async () => {
    expect((await grant({ organisationId: 'LA-PILOT' })).data.grantAccess.status).toBe('ACTIVE');
  });

  test('of grants at the same time, as many succeed as there are places', async () => {
    const answers = await Promise.all(
      ['1111', '2222', '3333', '4444'].map((vettingCertificate) => grant({ vettingCertificate })),
    );
    // Two of three places are taken; the suspended account has none.
    expect(answers.filter(({ data }) => data.grantAccess !== null)).toHaveLength(1);
    const full = 'BAD_USER_INPUT organisationId FULL';
    expect(answers.map(refusalOf).filter(Boolean)).toEqual([full, full, full]);
  });

  test('nobody gets a second account where they have one', async () => {
    await grant({ organisationId: 'LA-PILOT' });
    expect(refusalOf(await grant({ organisationId: 'LA-PILOT' }))).toBe(
      'BAD_USER_INPUT vettingCertificate DUPLICATE',
    );
    expect((await grant()).data.grantAccess).not.toBeNull();
  });

  test('a suspended person gets none elsewhere', async () => {
    const answer = await grant({ vettingCertificate: 'CERT-p-suspended', organisationId: 'LA-PILOT' });
    expect(answer.data.grantAccess).toBeNull();
    expect(refusalOf(answer)).toBe('BAD_USER_INPUT vettingCertificate STATE');
  });

  test('the officer’s own certificate gets none, under any name', async () => {
    expect(refusalOf(await grant({ vettingCertificate: 'cert-p-OFFICER' }))).toBe(
      'UNAUTHORIZED_FIELD_OR_TYPE POLICY',
    );
  });
});

describe('restoreAccess', () => {
  const restore = (practitionerId: string, reason = REASON) =>
    accreditation.asOfficer(
      'mutation ($practitionerId: ID!, $reason: String!) { restoreAccess(practitionerId: $practitionerId, reason: $reason) { status } }',
      { practitionerId, reason },
    );

  test.each(['p-dormant', 'p-suspended'])('%s is active again, with the reason kept', async (id) => {
    expect((await restore(id)).data).toEqual({ restoreAccess: { status: 'ACTIVE' } });
    expect(await accreditation.historyOf(id)).toEqual([
      { actor: OFFICER.id, act: 'RESTORE', reason: REASON, detail: {} },
    ]);
  });

  test('what has lapsed stays lapsed', async () => {
    await accreditation.store`update practitioner set training_passed_on = '2025-01-01' where id = 'p-dormant'`;
    expect((await restore('p-dormant')).data.restoreAccess.status).toBe('TRAINING_LAPSED');
  });

  test('a suspension is not lifted past the quota', async () => {
    await grant();
    expect(refusalOf(await restore('p-suspended'))).toBe('BAD_USER_INPUT organisationId FULL');
    // A dormant account kept its place.
    expect((await restore('p-dormant')).data.restoreAccess.status).toBe('ACTIVE');
  });

  test.each([
    ['an active account', 'p-one', REASON, 'BAD_USER_INPUT practitionerId STATE'],
    ['an unknown one', 'p-nobody', REASON, 'BAD_USER_INPUT practitionerId UNKNOWN'],
    ['a reason too short', 'p-dormant', 'because   ', 'BAD_USER_INPUT reason LENGTH'],
    ['a reason too long', 'p-dormant', 'x'.repeat(501), 'BAD_USER_INPUT reason LENGTH'],
    ['a reason that reads as another', 'p-dormant', `\u2067${REASON}`, 'BAD_USER_INPUT reason CHARACTERS'],
    ['one’s own', OFFICER.id, REASON, 'UNAUTHORIZED_FIELD_OR_TYPE POLICY'],
  ])('refuses %s', async (_case, id, reason, refusal) => {
    const answer = await restore(id, reason);
    expect(answer.data).toEqual({ restoreAccess: null });
    expect(refusalOf(answer)).toBe(refusal);
    expect(await accreditation.historyOf(id)).toEqual([]);
  });
});

describe('suspendAccess', () => {
  const suspend = (practitionerId: string, reason = REASON) =>
    accreditation.asOfficer(
      'mutation ($practitionerId: ID!, $reason: String!) { suspendAccess(practitionerId: $practitionerId, reason: $reason) { status } }',
      { practitionerId, reason },
    );

  test('an officer does not lock themselves out', async () => {
    expect((await suspend(OFFICER.id)).errors?.map(({ extensions }) => extensions)).toEqual([
      { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'POLICY' },
    ]);
    const [officer] =
      await accreditation.store`select suspended_at from practitioner where id = ${OFFICER.id}`;
    expect(officer?.suspended_at).toBeNull();
  });

  test.each(['p-one', 'p-dormant'])('%s is suspended, with the reason kept', async (id) => {
    expect((await suspend(id)).data).toEqual({ suspendAccess: { status: 'SUSPENDED' } });
    expect(await accreditation.historyOf(id)).toEqual([
      { actor: OFFICER.id, act: 'SUSPEND', reason: REASON, detail: {} },
    ]);
  });

  test.each([
    ['a suspended account', 'p-suspended', REASON, 'practitionerId DUPLICATE'],
    ['an unknown one', 'p-nobody', REASON, 'practitionerId UNKNOWN'],
    ['a reason too short', 'p-one', 'too short', 'reason LENGTH'],
    ['a reason of which part cannot be seen', 'p-one', `${REASON}\u200b`, 'reason CHARACTERS'],
  ])('refuses %s', async (_case, id, reason, problem) => {
    expect(refusalOf(await suspend(id, reason))).toBe(`BAD_USER_INPUT ${problem}`);
    expect(await accreditation.historyOf(id)).toEqual([]);
  });
});

describe('recordTraining and recordVetting', () => {
  const train = (practitionerId: string, passedOn: string, course = 'Refresher 2026') =>
    accreditation.asOfficer(
      `mutation ($practitionerId: ID!, $course: String!, $passedOn: Date!) {
        changed: recordTraining(practitionerId: $practitionerId, course: $course, passedOn: $passedOn) { trainingExpiresOn } }`,
      { practitionerId, course, passedOn },
    );
  const vet = (practitionerId: string, issuedOn: string, certificate = '001599998888') =>
    accreditation.asOfficer(
      `mutation ($practitionerId: ID!, $certificate: String!, $issuedOn: Date!) {
        changed: recordVetting(practitionerId: $practitionerId, certificate: $certificate, issuedOn: $issuedOn) { vettingExpiresOn } }`,
      { practitionerId, certificate, issuedOn },
    );

  test('training counts for 12 months', async () => {
    expect((await train('p-one', '2026-06-15')).data.changed).toEqual({ trainingExpiresOn: '2027-06-15' });
    expect(await accreditation.historyOf('p-one')).toEqual([
      {
        actor: OFFICER.id,
        act: 'RECORD_TRAINING',
        reason: null,
        detail: { course: 'Refresher 2026', passedOn: '2026-06-15' },
      },
    ]);
  });

  test('vetting counts for 3 years', async () => {
    expect((await vet('p-one', '2026-06-01')).data.changed).toEqual({ vettingExpiresOn: '2029-06-01' });
    expect(await accreditation.historyOf('p-one')).toEqual([
      {
        actor: OFFICER.id,
        act: 'RECORD_VETTING',
        reason: null,
        detail: { certificate: '001599998888', issuedOn: '2026-06-01' },
      },
    ]);
  });

  test.each([
    ['training of tomorrow', () => train('p-one', '2026-06-16'), 'BAD_USER_INPUT passedOn FUTURE'],
    ['training that has lapsed', () => train('p-one', '2025-06-14'), 'BAD_USER_INPUT passedOn OUTDATED'],
    [
      'training before the one that is known',
      () => train('p-one', '2026-01-31'),
      'BAD_USER_INPUT passedOn DUPLICATE',
    ],
    ['no course', () => train('p-one', '2026-06-15', ''), 'BAD_USER_INPUT course LENGTH'],
    ['training of nobody', () => train('p-nobody', '2026-06-15'), 'BAD_USER_INPUT practitionerId UNKNOWN'],
    ['one’s own training', () => train(OFFICER.id, '2026-06-15'), 'UNAUTHORIZED_FIELD_OR_TYPE POLICY'],
    ['vetting of tomorrow', () => vet('p-one', '2026-06-16'), 'BAD_USER_INPUT issuedOn FUTURE'],
    ['vetting that has lapsed', () => vet('p-one', '2023-06-14'), 'BAD_USER_INPUT issuedOn OUTDATED'],
    [
      'vetting before the one that is known',
      () => vet('p-one', '2025-01-09'),
      'BAD_USER_INPUT issuedOn DUPLICATE',
    ],
    ['no certificate', () => vet('p-one', '2026-06-01', ' '), 'BAD_USER_INPUT certificate FORM'],
    ['one’s own vetting', () => vet(OFFICER.id, '2026-06-01'), 'UNAUTHORIZED_FIELD_OR_TYPE POLICY'],
  ])('refuses %s', async (_case, record, refusal) => {
    const answer = await record();
    expect(answer.data).toEqual({ changed: null });
    expect(refusalOf(answer)).toBe(refusal);
    const [count] = await accreditation.store`select count(*)::int as n from accreditation_history`;
    expect(count?.['n']).toBe(0);
  });
});

describe('setOrganisationStage', () => {
  const stage = (organisationId: string, to: string) =>
    accreditation.asOfficer(
      `mutation { setOrganisationStage(organisationId: "${organisationId}", stage: ${to}) { stage } }`,
    );

  test('shuts an organisation’s people out and lets them in', async () => {
    const status = async () =>
      (await accreditation.asOfficer('{ practitioner(id: "p-one") { status } }')).data.practitioner.status;
    expect((await stage('LA-975', 'SUSPENDED')).data.setOrganisationStage).toEqual({ stage: 'SUSPENDED' });
    expect(await status()).toBe('ORGANISATION_NOT_LIVE');
    await stage('LA-975', 'PILOT');
    expect(await status()).toBe('ACTIVE');
    expect(await accreditation.historyOf('LA-975')).toEqual([
      expect.objectContaining({ act: 'SET_STAGE', detail: { from: 'LIVE', to: 'SUSPENDED' } }),
      expect.objectContaining({ act: 'SET_STAGE', detail: { from: 'SUSPENDED', to: 'PILOT' } }),
    ]);
  });

  test('refuses an unknown organisation', async () => {
    expect(refusalOf(await stage('LA-0', 'LIVE'))).toBe('BAD_USER_INPUT organisationId UNKNOWN');
  });
});

test('the history cannot be rewritten', async () => {
  await grant();
  const { store } = accreditation;
  await expect(store`update accreditation_history set actor = 'p-somebody-else'`).rejects.toThrow(
    'append-only',
  );
  await expect(store`delete from accreditation_history`).rejects.toThrow('append-only');
});
