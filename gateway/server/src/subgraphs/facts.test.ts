import type { Facts, FactsRequest } from '@contactpoint/access/facts';
import { factsDigest, verifyGrant } from '@contactpoint/access/grant';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { writeGrantKeys } from '../testing/grant-keys.ts';
import { ALLOCATED, callerOf, JOINED, NO_RELATIONSHIP, NOW, SHIELDED, TEAM } from '../testing/personas.ts';
import { answerJson, type QuestionServer, startQuestionServer } from '../testing/question-server.ts';
import { BELIEVED_FOR } from './brief-cache.ts';
import { createFactsSource, type FactsSource } from './facts.ts';
import { createGrantSigner } from './grants.ts';

interface Asked {
  readonly requests: readonly FactsRequest[];
}

const keys = writeGrantKeys(['directory']);
const grants = createGrantSigner(keys.folder, ['directory'], 'log.example');
const socialWorker = callerOf('social-worker', 'S47');
let server: QuestionServer | undefined;
let source: FactsSource | undefined;
let clock = 0;
let pushedSince: number | undefined;

afterEach(async () => {
  clock = 0;
  pushedSince = undefined;
  await server?.close();
  await source?.close();
});
afterAll(() => keys.remove());

function asked(): Asked[] {
  return (server?.received ?? []) as Asked[];
}

async function start(answerOf: (request: FactsRequest) => unknown): Promise<FactsSource> {
  server = await startQuestionServer<Asked>(({ requests }, response) =>
    answerJson(response, { answers: requests.map(answerOf) }),
  );
  source = createFactsSource({
    url: `${server.url}/graphql`,
    timeout: 2_000,
    grants,
    now: () => new Date(NOW.getTime() + clock),
    monotonic: () => clock,
    pushedSince: () => pushedSince,
  });
  return source;
}

const each = (facts: Facts) => (request: FactsRequest) =>
  Object.fromEntries(request.children.map((child) => [child, facts]));
const ignore = () => {};

describe('createFactsSource', () => {
  test('asks for distinct children under a grant of the caller for just that question', async () => {
    const { find } = await start(each(ALLOCATED));
    const jtis: string[] = [];
    const found = await find(socialWorker, [JOINED, SHIELDED, JOINED], (jti) => jtis.push(jti));
    expect(Object.fromEntries(found)).toEqual({ [JOINED]: ALLOCATED, [SHIELDED]: ALLOCATED });

    const [question] = asked().flatMap(({ requests }) => requests);
    expect(question?.children).toEqual([JOINED, SHIELDED]);
    const claims = await verifyGrant([...keys.keys.values()], question?.accessGrant, {
      audience: 'directory',
      body: factsDigest({
        practitionerId: 'p-social-worker',
        organisationId: 'LA-975',
        children: [JOINED, SHIELDED],
      }),
      now: NOW,
    });
    expect(claims).toMatchObject({ sub: 'p-social-worker', evt: socialWorker.evt, children: {} });
    expect(jtis).toEqual([claims.jti]);
  });

  test('believes facts for a second from when they were asked for', async () => {
    let facts = ALLOCATED;
    const { find } = await start((request) => {
      clock += 400;
      return each(facts)(request);
    });
    await find(socialWorker, [JOINED], ignore);
    facts = NO_RELATIONSHIP;
    clock = BELIEVED_FOR - 1;
    expect((await find(socialWorker, [JOINED], ignore)).get(JOINED)).toEqual(ALLOCATED);
    expect(server?.received).toHaveLength(1);
    clock = BELIEVED_FOR;
    expect((await find(socialWorker, [JOINED], ignore)).get(JOINED)).toEqual(NO_RELATIONSHIP);
  });

  test('believes them for longer while changes are pushed, until the child has changed', async () => {
    let facts = ALLOCATED;
    const { find, forget } = await start((request) => each(facts)(request));
    pushedSince = -1;
    await find(socialWorker, [JOINED, SHIELDED], ignore);
    facts = NO_RELATIONSHIP;
    clock = BELIEVED_FOR + 1;
    forget({ practitioners: ['p-social-worker'], organisations: ['LA-975'] });
    expect((await find(socialWorker, [JOINED], ignore)).get(JOINED)).toEqual(ALLOCATED);
    forget({ children: [JOINED] });
    const found = await find(socialWorker, [JOINED, SHIELDED], ignore);
    expect(Object.fromEntries(found)).toEqual({ [JOINED]: NO_RELATIONSHIP, [SHIELDED]: ALLOCATED });
    forget('everything');
    expect((await find(socialWorker, [SHIELDED], ignore)).get(SHIELDED)).toEqual(NO_RELATIONSHIP);
  });

  test('takes no answer for new that was on its way when the child changed', async () => {
    let facts = ALLOCATED;
    const { find, forget } = await start((request) => {
      // The directory has answered from before, and the change overtakes the answer.
      queueMicrotask(() => forget({ children: [JOINED] }));
      return each(facts)(request);
    });
    await find(socialWorker, [JOINED], ignore);
    facts = NO_RELATIONSHIP;
    expect((await find(socialWorker, [JOINED], ignore)).get(JOINED)).toEqual(NO_RELATIONSHIP);
  });

  test('believes nothing of yesterday: an involvement may have ended with the day', async () => {
    const { find } = await start(each(ALLOCATED));
    pushedSince = -1;
    const midnight = Date.parse('2026-06-15T23:00:00Z') - NOW.getTime();
    clock = midnight - 10;
    await find(socialWorker, [JOINED], ignore);
    clock = midnight - 1;
    await find(socialWorker, [JOINED], ignore);
    expect(server?.received).toHaveLength(1);
    clock = midnight;
    await find(socialWorker, [JOINED], ignore);
    expect(server?.received).toHaveLength(2);
  });

  test('one practitioner’s facts never serve another’s, nor the same one’s in another post', async () => {
    const { find } = await start((request) =>
      each(
        request.practitionerId === 'p-social-worker' && request.organisationId === 'LA-975'
          ? ALLOCATED
          : TEAM,
      )(request),
    );
    expect((await find(socialWorker, [JOINED], ignore)).get(JOINED)).toEqual(ALLOCATED);
    const others = [
      callerOf('teacher', 'ED'),
      { ...socialWorker, sub: 'p-000001' },
      { ...socialWorker, organisation: 'LA-976' },
    ];
    for (const other of others) expect((await find(other, [JOINED], ignore)).get(JOINED)).toEqual(TEAM);
  });

  test('asks only for the children it does not know yet', async () => {
    const { find } = await start(each(TEAM));
    await find(socialWorker, [JOINED], ignore);
    await find(socialWorker, [JOINED, SHIELDED], ignore);
    const children = asked().map(({ requests }) => requests[0]?.children);
    expect(children).toEqual([[JOINED], [SHIELDED]]);
  });

  test('asks for five hundred children at a time', async () => {
    const { find } = await start(each(TEAM));
    const children = Array.from({ length: 1_001 }, (_, index) => `CHILD${index}`);
    const jtis: string[] = [];
    expect((await find(socialWorker, children, (jti) => jtis.push(jti))).size).toBe(1_001);
    expect(jtis).toHaveLength(3);
  });

  test.each<[string, readonly string[], unknown]>([
    ['leaves a child out', [JOINED, SHIELDED], { [JOINED]: TEAM }],
    ['leaves out a child named like a part of every object', ['constructor'], {}],
    ['refuses the grant', [JOINED], null],
    ['answers for another child', [JOINED], { [SHIELDED]: ALLOCATED }],
    ['knows a relationship of its own', [JOINED], { [JOINED]: { ...TEAM, relationship: 'FRIEND' } }],
    ['says nothing of the shield', [JOINED], { [JOINED]: { relationship: 'TEAM', ownRecord: true } }],
  ])('knows nothing where the directory %s', async (_case, children, answer) => {
    const { find } = await start(() => answer);
    const jtis: string[] = [];
    await expect(find(socialWorker, children, (jti) => jtis.push(jti))).rejects.toThrow();
    expect(jtis).toHaveLength(1);
  });

  test('takes no facts of a child it did not ask for', async () => {
    const { find } = await start(() => ({ [JOINED]: TEAM, [SHIELDED]: ALLOCATED }));
    expect([...(await find(socialWorker, [JOINED], ignore)).keys()]).toEqual([JOINED]);
  });
});
