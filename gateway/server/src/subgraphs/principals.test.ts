import { unmetRequirement } from '@contactpoint/access/accreditation';
import type { Changed } from '@contactpoint/access/change';
import { principalDigest, verifyGrant } from '@contactpoint/access/grant';
import type { Principal, PrincipalRequest } from '@contactpoint/access/principal';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { writeGrantKeys } from '../testing/grant-keys.ts';
import { NOW, principalOf } from '../testing/personas.ts';
import { answerJson, type QuestionServer, startQuestionServer } from '../testing/question-server.ts';
import { BELIEVED_FOR } from './brief-cache.ts';
import { createGrantSigner } from './grants.ts';
import { createPrincipals, type Principals } from './principals.ts';

interface Asked {
  readonly requests: readonly PrincipalRequest[];
}

const keys = writeGrantKeys(['accreditation']);
const grants = createGrantSigner(keys.folder, ['accreditation'], 'log.example');
let server: QuestionServer | undefined;
let principals: Principals | undefined;
let clock = 0;
let pushedSince: number | undefined;

afterEach(async () => {
  clock = 0;
  pushedSince = undefined;
  await server?.close();
  await principals?.close();
});
afterAll(() => keys.remove());

function asked(): Asked[] {
  return (server?.received ?? []) as Asked[];
}

async function start(answerOf: (request: PrincipalRequest) => unknown): Promise<Principals> {
  server = await startQuestionServer<Asked>(({ requests }, response) =>
    answerJson(response, { answers: requests.map(answerOf) }),
  );
  principals = createPrincipals({
    url: `${server.url}/graphql`,
    timeout: 2_000,
    grants,
    policySet: 'policy-set',
    now: () => NOW,
    monotonic: () => clock,
    pushedSince: () => pushedSince,
  });
  return principals;
}

const unasked = () => {
  throw new Error('was asked');
};

describe('createPrincipals', () => {
  test('asks under a grant that opens nothing, and says which', async () => {
    const { find } = await start(() => principalOf('social-worker'));
    const jtis: string[] = [];
    expect(await find('p-social-worker', 'evt-1', (jti) => jtis.push(jti))).toEqual(
      principalOf('social-worker'),
    );
    const [question] = asked().flatMap(({ requests }) => requests);
    const ring = [...keys.keys.values()];
    const body = principalDigest('p-social-worker');
    const claims = await verifyGrant(ring, question?.accessGrant, {
      audience: 'accreditation',
      body,
      now: NOW,
    });
    expect(claims).toMatchObject({ role: 'gateway', evt: 'evt-1', children: {}, scopes: [] });
    expect(jtis).toEqual([claims.jti]);
  });

  test('believes an answer for a second from when it was asked', async () => {
    let suspended = false;
    const { find } = await start(() => {
      clock += 400;
      return { ...principalOf('social-worker'), suspended };
    });
    await find('p-social-worker', 'evt', () => {});
    suspended = true;
    clock = BELIEVED_FOR - 1;
    expect((await find('p-social-worker', 'evt', unasked))?.suspended).toBe(false);
    clock = BELIEVED_FOR;
    expect((await find('p-social-worker', 'evt', () => {}))?.suspended).toBe(true);
  });

  test.each<[string, Changed, boolean]>([
    ['the practitioner', { practitioners: ['p-social-worker'] }, true],
    ['the organisation', { organisations: ['LA-975'] }, true],
    ['something nobody knows', 'everything', true],
    [
      'somebody else',
      { practitioners: ['LA-975'], organisations: ['p-social-worker'], children: ['A'] },
      false,
    ],
  ])('while changes are pushed, asks again once this has changed: %s', async (_case, changed, isAsked) => {
    const { find, forget } = await start(() => principalOf('social-worker'));
    pushedSince = -1;
    await find('p-social-worker', 'evt', () => {});
    clock = 4_999;
    await find('p-social-worker', 'evt', unasked);
    forget(changed);
    await find('p-social-worker', 'evt', () => {});
    expect(asked()).toHaveLength(isAsked ? 2 : 1);
  });

  test('a date passes while the answer is believed: what is remembered is the date', async () => {
    const { find } = await start(() => ({ ...principalOf('social-worker'), trainingPassedOn: '2025-06-15' }));
    pushedSince = -1;
    const before = await find('p-social-worker', 'evt', () => {});
    const after = await find('p-social-worker', 'evt', unasked);
    const unmet = (principal: Principal | null, at: string) =>
      principal && unmetRequirement(principal, new Date(at));
    // Training counts for 12 months; London is an hour ahead of UTC in June.
    expect(unmet(before, '2026-06-15T22:59:59Z')).toBeUndefined();
    expect(unmet(after, '2026-06-15T23:00:00Z')).toBe('TRAINING');
  });

  test('one practitioner is never another', async () => {
    const { find } = await start(({ practitionerId }) => ({ ...principalOf('teacher'), practitionerId }));
    const found = await Promise.all(['a', 'b', 'c'].map((id) => find(id, 'evt', () => {})));
    expect(found.map((each) => each?.practitionerId)).toEqual(['a', 'b', 'c']);
  });

  test('an unknown practitioner is null', async () => {
    const { find } = await start(() => 'UNKNOWN');
    expect(await find('nobody', 'evt', () => {})).toBeNull();
  });

  test('whoever is asked about under a grant that does not hold is not unknown', async () => {
    const { find } = await start(() => null);
    await expect(find('p-teacher', 'evt', () => {})).rejects.toThrow();
  });

  test.each<[string, object]>([
    ['a role nobody knows', { role: 'superuser' }],
    ['a role that every object has', { role: 'constructor' }],
    ['another sector', { sector: 'EVERYTHING' }],
    ['a stage nobody knows', { organisationStage: 'OPEN' }],
    ['a suspension that is a word', { suspended: 'false' }],
    ['no word on the vetting', { vettingIssuedOn: undefined }],
    ['somebody else', { practitionerId: 'p-auditor' }],
  ])('is no answer: %s', async (_case, change) => {
    const { find } = await start(() => ({ ...principalOf('social-worker'), ...change }));
    const jtis: string[] = [];
    await expect(find('p-social-worker', 'evt', (jti) => jtis.push(jti))).rejects.toThrow();
    expect(jtis).toHaveLength(1);
  });
});
