import { principalDigest, signGrant, usesDigest } from '@contactpoint/access/grant';
import type { PractitionerUse } from '@contactpoint/access/principal';
import { TEST_KEYS } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Accreditation,
  NOW,
  organisation,
  practitioner,
  startAccreditation,
} from '../accounts.fixture.ts';

let accreditation: Accreditation;

beforeAll(async () => {
  accreditation = await startAccreditation();
});

afterAll(() => accreditation.stop());

beforeEach(() =>
  accreditation.holds(
    [organisation()],
    [
      practitioner('p-one'),
      practitioner('p-restored', { lastUsedAt: null, restoredAt: '2026-06-10T08:00:00Z' }),
      practitioner('p-dormant', { lastUsedAt: '2026-03-16T12:00:00Z' }),
      practitioner('p-almost', { lastUsedAt: '2026-03-17T00:00:00Z' }),
      practitioner('p-suspended', { suspendedAt: '2026-06-01T10:00:00Z', role: 'mash-screener' }),
    ],
  ),
);

type Claims = Partial<Parameters<typeof signGrant>[1]>;
const [KEY] = TEST_KEYS;
const FORGED = { kid: 'test', secret: new Uint8Array(32).fill(9) };

/** A grant of the gateway itself. */
async function gatewayGrant(body: string, claims: Claims = {}, key = KEY): Promise<string> {
  if (key === undefined) throw new Error('no key');
  const iat = NOW.getTime() / 1000;
  return signGrant(key, {
    iss: 'gateway.test',
    aud: 'accreditation',
    iat,
    exp: iat + 30,
    jti: crypto.randomUUID(),
    evt: '1'.repeat(64),
    sub: 'gateway',
    role: 'gateway',
    sector: 'DIRECTORY',
    organisation: 'gateway',
    scopes: [],
    override: false,
    policySet: 'test',
    children: {},
    ...claims,
    body,
  } as Parameters<typeof signGrant>[1]);
}

const send = async (url: string, payload: object) => {
  const response = await accreditation.app.inject({ method: 'POST', url, payload });
  return { status: response.statusCode, body: response.body === '' ? undefined : response.json() };
};

describe('POST /principals', () => {
  const principal = async (practitionerId: string, claims: Claims = {}, key = KEY) => ({
    practitionerId,
    accessGrant: await gatewayGrant(principalDigest(practitionerId), claims, key),
  });
  const ask = (requests: object[]) => send('/principals', { requests });

  test('says who they are, in the order of the requests', async () => {
    const { status, body } = await ask([
      await principal('p-restored'),
      await principal('p-nobody'),
      await principal('p-one'),
      await principal('p-one'),
      await principal('p-suspended'),
      await principal('p-officer'),
    ]);
    expect(status).toBe(200);
    const one = {
      practitionerId: 'p-one',
      role: 'social-worker',
      sector: 'SOCIAL_CARE',
      organisationId: 'LA-975',
      organisationStage: 'LIVE',
      scopes: ['directory:shield'],
      suspended: false,
      vettingIssuedOn: '2025-01-10',
      trainingPassedOn: '2026-02-01',
      agreementSignedOn: '2025-01-20',
      activeSince: '2026-06-14T16:00:00.000Z',
    };
    expect(body.answers).toEqual([
      { ...one, practitionerId: 'p-restored', activeSince: '2026-06-10T08:00:00.000Z' },
      'UNKNOWN',
      one,
      one,
      { ...one, practitionerId: 'p-suspended', role: 'mash-screener', scopes: [], suspended: true },
      expect.objectContaining({
        sector: 'DIRECTORY',
        organisationId: 'CONTACTPOINT',
        scopes: ['accreditation:read', 'accreditation:write'],
      }),
    ]);
  });

  test.each([
    ['forged', {}, FORGED],
    ['expired', { iat: NOW.getTime() / 1000 - 60, exp: NOW.getTime() / 1000 - 30 }, KEY],
    ['for another subgraph', { aud: 'directory' }, KEY],
    ['that lives too long', { exp: NOW.getTime() / 1000 + 3600 }, KEY],
  ])('a grant %s is answered null, the others are answered', async (_case, claims, key) => {
    const { body } = await ask([await principal('p-one', claims, key), await principal('p-restored')]);
    expect(body.answers).toEqual([null, expect.objectContaining({ practitionerId: 'p-restored' })]);
  });

  test('a grant for somebody else is answered null', async () => {
    const { accessGrant } = await principal('p-one');
    expect((await ask([{ practitionerId: 'p-officer', accessGrant }])).body.answers).toEqual([null]);
  });

  test('a role that nobody knows is nobody', async () => {
    await accreditation.store`update practitioner set role = 'wizard' where id = 'p-one'`;
    expect((await ask([await principal('p-one')])).body.answers).toEqual(['UNKNOWN']);
  });

  test('is journaled', async () => {
    const evt = '7'.repeat(64);
    await ask([await principal('p-one', { evt, sub: 'p-one' })]);
    expect([
      ...(await accreditation.store`select practitioner, operation from access_journal where evt = ${evt}`),
    ]).toEqual([{ practitioner: 'p-one', operation: 'principals' }]);
  });

  test.each([[{}], [{ requests: 'p-one' }], [{ requests: [{ practitionerId: 1 }] }]])(
    '%j is no question',
    async (body) => {
      expect((await send('/principals', body)).status).toBe(400);
    },
  );
});

describe('POST /used', () => {
  const use = (practitionerId: string, at: string): PractitionerUse => ({ practitionerId, at });
  const report = async (uses: PractitionerUse[], claims: Claims = {}, key = KEY) =>
    send('/used', { uses, accessGrant: await gatewayGrant(usesDigest(uses), claims, key) });
  const lastAccessAt = async (id: string): Promise<string | null> =>
    (await accreditation.asOfficer('query ($id: ID!) { practitioner(id: $id) { lastAccessAt } }', { id }))
      .data.practitioner.lastAccessAt;

  test('keeps the latest use of each', async () => {
    const { status } = await report([
      use('p-one', '2026-06-15T10:00:00.000Z'),
      use('p-one', '2026-06-15T10:30:00.000Z'),
      use('p-restored', '2026-06-15T09:00:00.000Z'),
      use('p-nobody', '2026-06-15T09:00:00.000Z'),
    ]);
    expect(status).toBe(204);
    expect(await lastAccessAt('p-one')).toBe('2026-06-15T10:30:00.000Z');
    expect(await lastAccessAt('p-restored')).toBe('2026-06-15T09:00:00.000Z');
  });

  test('an older report, or the same one again, changes nothing', async () => {
    await report([use('p-one', '2026-06-01T00:00:00.000Z')]);
    expect(await lastAccessAt('p-one')).toBe('2026-06-14T16:00:00.000Z');
  });

  test('an account on its last day before dormancy is renewed, one a day later is not', async () => {
    await report([use('p-almost', NOW.toISOString()), use('p-dormant', NOW.toISOString())]);
    expect(await lastAccessAt('p-almost')).toBe(NOW.toISOString());
    expect(await lastAccessAt('p-dormant')).toBe('2026-03-16T12:00:00.000Z');
    const { data } = await accreditation.asOfficer('{ practitioner(id: "p-dormant") { status } }');
    expect(data.practitioner.status).toBe('DORMANT');
  });

  test('a suspended account is not used', async () => {
    await report([use('p-suspended', NOW.toISOString())]);
    expect(await lastAccessAt('p-suspended')).toBe('2026-06-14T16:00:00.000Z');
  });

  test('a use in the future counts as one now', async () => {
    await report([use('p-one', '2036-01-01T00:00:00.000Z')]);
    expect(await lastAccessAt('p-one')).toBe(NOW.toISOString());
  });

  test.each([
    ['forged', {}, FORGED],
    ['for another subgraph', { aud: 'health' }, KEY],
    ['of a practitioner', { role: 'social-worker', sub: 'p-one' } as Claims, KEY],
  ])('a grant %s changes nothing', async (_case, claims, key) => {
    expect((await report([use('p-one', NOW.toISOString())], claims, key)).status).toBe(401);
    expect(await lastAccessAt('p-one')).toBe('2026-06-14T16:00:00.000Z');
  });

  test('a grant for other uses changes nothing', async () => {
    const accessGrant = await gatewayGrant(usesDigest([use('p-one', NOW.toISOString())]));
    const answer = await send('/used', { uses: [use('p-restored', NOW.toISOString())], accessGrant });
    expect(answer.status).toBe(401);
  });

  test.each([[{}], [{ uses: [{ practitionerId: 'p-one', at: 'today' }], accessGrant: '' }]])(
    '%j is no report',
    async (body) => {
      expect((await send('/used', body)).status).toBe(400);
    },
  );
});
