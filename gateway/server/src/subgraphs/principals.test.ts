import { principalDigest, verifyGrant } from '@contactpoint/access/grant';
import type { PrincipalRequest } from '@contactpoint/access/principal';
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

afterEach(async () => {
  clock = 0;
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

  test('one practitioner is never another', async () => {
    const { find } = await start(({ practitionerId }) => ({ ...principalOf('teacher'), practitionerId }));
    const found = await Promise.all(['a', 'b', 'c'].map((id) => find(id, 'evt', () => {})));
    expect(found.map((each) => each?.practitionerId)).toEqual(['a', 'b', 'c']);
  });

  test('an unknown practitioner is null', async () => {
    const { find } = await start(() => null);
    expect(await find('nobody', 'evt', () => {})).toBeNull();
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
