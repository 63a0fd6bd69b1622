import { NO_FACTS } from '@contactpoint/access/facts';
import { factsDigest, type GrantClaims } from '@contactpoint/access/grant';
import { TEST_KEYS, type TestSubgraph, testGrant } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDirectory } from '../testing/directory.ts';
import { EMPTY, NOBODY, RELATED, SHIELDED, UNRELATED } from '../testing/identities.ts';

let directory: TestSubgraph;
beforeAll(async () => {
  directory = await startDirectory();
});
afterAll(() => directory?.stop());

interface Who {
  readonly practitionerId: string;
  readonly organisationId: string;
}

const socialWorker: Who = { practitionerId: 'p-social-worker', organisationId: 'LA-975' };
const teacher: Who = { practitionerId: 'p-teacher', organisationId: 'SCHOOL-900001' };

async function request(
  who: Who,
  children: readonly string[],
  claims: Partial<GrantClaims> = {},
  keys = TEST_KEYS,
) {
  const asked = { ...who, children };
  const accessGrant = await testGrant(keys, {
    aud: 'directory',
    sub: who.practitionerId,
    organisation: who.organisationId,
    body: factsDigest(asked),
    ...claims,
  });
  return { ...asked, accessGrant };
}

async function post(requests: readonly object[]): Promise<readonly unknown[]> {
  const response = await directory.app.inject({ method: 'POST', url: '/facts', payload: { requests } });
  expect(response.statusCode).toBe(200);
  return response.json<{ answers: unknown[] }>().answers;
}

describe('POST /facts', () => {
  test('answers a batch in its order', async () => {
    const answers = await post([
      await request(socialWorker, [RELATED, SHIELDED, UNRELATED, NOBODY]),
      await request(teacher, [RELATED, EMPTY], { role: 'teacher', sector: 'EDUCATION' }),
    ]);
    expect(answers).toEqual([
      {
        [RELATED]: { relationship: 'ALLOCATED', shielded: false, ownRecord: false },
        [SHIELDED]: { relationship: 'ALLOCATED', shielded: true, ownRecord: false },
        [UNRELATED]: NO_FACTS,
        [NOBODY]: NO_FACTS,
      },
      {
        [RELATED]: { relationship: 'TEAM', shielded: false, ownRecord: true },
        [EMPTY]: { relationship: 'TEAM', shielded: false, ownRecord: true },
      },
    ]);
  });

  test("a record is one's own in one's own sector, organisation and time only", async () => {
    const gp = { practitionerId: 'p-general-practitioner', organisationId: 'PRACTICE-Z99001' };
    const answers = await post([
      await request(teacher, [RELATED], { sector: 'HEALTH' }),
      await request({ ...teacher, organisationId: 'SCHOOL-900002' }, [RELATED], { sector: 'EDUCATION' }),
      await request(gp, [RELATED], { sector: 'HEALTH' }),
    ]);
    expect(answers).toEqual(
      answers.map(() => ({ [RELATED]: { relationship: 'TEAM', shielded: false, ownRecord: false } })),
    );
  });

  test.each<[string, () => Promise<object>]>([
    ['no grant', async () => ({ ...teacher, children: [RELATED], accessGrant: '' })],
    ['forged', () => request(teacher, [RELATED], {}, [{ kid: 'test', secret: new Uint8Array(32).fill(9) }])],
    ['expired', () => request(teacher, [RELATED], { iat: 1_700_000_000, exp: 1_700_000_030 })],
    ['for another subgraph', () => request(teacher, [RELATED], { aud: 'health' })],
    ['for other children', async () => ({ ...(await request(teacher, [RELATED])), children: [UNRELATED] })],
    ["somebody else's", () => request(teacher, [RELATED], { sub: 'p-social-worker' })],
    ['of another organisation', () => request(teacher, [RELATED], { organisation: 'LA-975' })],
  ])('a grant that does not hold is answered null, its neighbour in full: %s', async (_case, bad) => {
    const [refused, answered] = await post([await bad(), await request(teacher, [RELATED])]);
    expect(refused).toBeNull();
    expect(answered).toHaveProperty(RELATED);
  });

  test.each([
    ['no list', {}],
    ['not requests', { requests: [1] }],
    [
      'too many children',
      { requests: [{ ...teacher, accessGrant: '', children: Array.from({ length: 501 }, () => RELATED) }] },
    ],
  ])('is bad input: %s', async (_case, payload) => {
    const response = await directory.app.inject({ method: 'POST', url: '/facts', payload });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  test('is journaled under its grant', async () => {
    const jti = 'jti-of-facts';
    await post([await request(teacher, [RELATED, NOBODY], { jti })]);
    const rows = await directory.store`
      select practitioner, operation, child_id, coordinates from access_journal
      where jti = ${jti} and child_id is not null order by child_id`;
    expect(rows).toEqual(
      [RELATED, NOBODY].map((child_id) => ({
        practitioner: 'p-teacher',
        operation: 'facts',
        child_id,
        coordinates: ['Facts'],
      })),
    );
  });
});
