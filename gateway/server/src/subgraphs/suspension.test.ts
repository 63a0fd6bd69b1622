import { type GrantClaims, operationDigest, verifyGrant } from '@contactpoint/access/grant';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createOwedEvents } from '../pipeline/owed-events.ts';
import { answerEndlessly } from '../testing/endless-answer.ts';
import { writeGrantKeys } from '../testing/grant-keys.ts';
import { NOW } from '../testing/personas.ts';
import { memoryLog } from '../testing/pipeline.ts';
import { answerJson, type QuestionServer, startQuestionServer } from '../testing/question-server.ts';
import { createGrantSigner } from './grants.ts';
import { createSuspension } from './suspension.ts';

interface Asked {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly extensions: { readonly accessGrant: string };
}

const REASON = 'Break-glass access log.example 7 was found unjustified';
const keys = writeGrantKeys(['accreditation']);
const grants = createGrantSigner(keys.folder, ['accreditation'], 'log.example');

let server: QuestionServer | undefined;
afterEach(() => server?.close());
afterAll(() => keys.remove());

const account = (status: string, id = 'p-one') => ({ data: { account: { id, status } } });
const refused = {
  data: { account: null },
  errors: [{ message: 'no', extensions: { code: 'BAD_USER_INPUT' } }],
};

/** Stands in a list of answers for one without an end. */
const ENDLESS = Symbol('endless');

async function start(answers: readonly unknown[], timeout = 2_000) {
  const log = memoryLog();
  const owed = createOwedEvents(log);
  const left = [...answers];
  server = await startQuestionServer<Asked>((_asked, response) => {
    const answer = left.shift();
    if (answer === ENDLESS) answerEndlessly(response);
    else answerJson(response, answer);
  });
  const suspend = createSuspension({
    url: `${server.url}/graphql`,
    timeout,
    grants,
    policySet: 'policy-set',
    now: () => NOW,
    log,
    owed,
    events: {
      instance: 'gateway-1',
      policySet: 'policy-set',
      supergraph: 'supergraph',
      digestKey: { kid: 'd1', secret: new Uint8Array(32) },
    },
  });
  return { suspend: () => suspend('p-one', REASON), log, owed, asked: server.received as Asked[] };
}

async function claimsOf({ query, variables, extensions }: Asked): Promise<GrantClaims> {
  const expected = { audience: 'accreditation', body: operationDigest(query, variables), now: NOW };
  return await verifyGrant([...keys.keys.values()], extensions.accessGrant, expected);
}

describe('createSuspension', () => {
  test('suspends with a grant of the gateway, on record as intent and as outcome', async () => {
    const { suspend, log, asked } = await start([account('SUSPENDED')]);
    await suspend();
    expect(asked).toMatchObject([{ variables: { practitionerId: 'p-one', reason: REASON } }]);
    const claims = await claimsOf(asked[0] as Asked);
    expect(claims).toMatchObject({ sub: 'gateway', role: 'gateway', override: false, children: {} });
    expect(claims.scopes).toContain('accreditation:write');
    const [intent, outcome] = log.events;
    const common = { practitioner: 'gateway', reason: REASON, operation: { name: 'SuspendAccess' } };
    expect(intent).toMatchObject({ ...common, kind: 'intent', jtis: [] });
    expect(outcome).toMatchObject({
      ...{ ...common, kind: 'outcome', outcome: 'RELEASED', intentIndex: 0n, jtis: [claims.jti] },
      nonce: intent?.nonce,
    });
  });

  test('is content with an account that is suspended already', async () => {
    const { suspend, log, asked } = await start([refused, account('SUSPENDED')]);
    await suspend();
    expect(asked.map(({ query }) => query.split(' ')[0])).toEqual(['mutation', 'query']);
    expect(log.events[1]).toMatchObject({
      outcome: 'RELEASED',
      jtis: [{}, {}].map(() => expect.any(String)),
    });
  });

  test.each<[string, readonly unknown[]]>([
    ['refuses', [refused, account('ACTIVE')]],
    ['knows no such account', [refused, { data: { account: null } }]],
    ['answers of another one', [account('SUSPENDED', 'p-two'), account('SUSPENDED', 'p-two')]],
    ['answers nonsense', [null, 'nothing']],
  ])('fails where accreditation %s', async (_case, answers) => {
    const { suspend, log } = await start(answers);
    await expect(suspend()).rejects.toThrow();
    expect(log.events.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      'intent RELEASED',
      'outcome REFUSED',
    ]);
  });

  test('fails where accreditation is out of reach, and that it may have been done is on record', async () => {
    const { suspend, log } = await start([]);
    await server?.close();
    await expect(suspend()).rejects.toThrow();
    expect(log.events[1]).toMatchObject({ kind: 'outcome', outcome: 'PARTIAL', jtis: [expect.any(String)] });
  });

  test('gives up an answer without an end, and that it may have been done is on record', async () => {
    const { suspend, log } = await start([ENDLESS], 60_000);
    await expect(suspend()).rejects.toMatchObject({ code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' });
    expect(log.events[1]).toMatchObject({ kind: 'outcome', outcome: 'PARTIAL' });
  });

  test('owes the outcome that the log did not take, and has not counted until then', async () => {
    const { suspend, log, owed, asked } = await start([account('SUSPENDED')]);
    const { append } = log;
    log.append = async (leaf) => {
      log.failing = log.events.length > 0;
      return await append.call(log, leaf);
    };
    await expect(suspend()).rejects.toThrow('could not be recorded');
    log.append = append;
    log.failing = false;
    await owed.settle();
    const { jti } = await claimsOf(asked[0] as Asked);
    expect(log.events[1]).toMatchObject({
      kind: 'outcome',
      outcome: 'RELEASED',
      intentIndex: 0n,
      jtis: [jti],
    });
  });

  test('does nothing that it cannot put on record', async () => {
    const { suspend, log, asked } = await start([account('SUSPENDED')]);
    log.failing = true;
    await expect(suspend()).rejects.toThrow('could not be recorded');
    expect(asked).toEqual([]);
  });
});
