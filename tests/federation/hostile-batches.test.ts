import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, type Question, startTestSystem, type TestSystem } from '../running-system.ts';
import {
  type AskedOperation,
  entities,
  type HostileSubgraph,
  listenAsSubgraph,
  never,
} from './hostile-subgraph.ts';

/** In every value that belongs to nobody who asked; may never be seen by anybody. */
const LEAK = 'LEAKED';

/** Milliseconds that the gateway gives a subgraph, and in which a caller must have an answer. */
const SUBGRAPH_TIMEOUT = 2_000;
const WITHIN = 12_000;
const CALLERS = 12;

const CASELOAD = '{ myCaseload(first: 20) { children { id allergies } } }';
const QUERY = 'query One($id: ID!) { child(id: $id) { id familyName allergies } }';

let system: TestSystem;
let health: HostileSubgraph;
/** What the agency does with several operations in one request. */
let answerBatch: (batch: readonly AskedOperation[], response: ServerResponse) => void;
let batches = 0;
/** Whose allergies the practitioner may read. */
let known: readonly string[];

beforeAll(async () => {
  system = await startTestSystem({ gatewayEnvironment: { SUBGRAPH_TIMEOUT: String(SUBGRAPH_TIMEOUT) } });
  await system.services.get('health')?.stop();
  health = await listenAsSubgraph(system.ports.health);
  health.reply = (asked, response) => answerAlone(asked, response);
  const { body } = await practitioner({ query: CASELOAD });
  const children = body.data.myCaseload.children as readonly { id: string; allergies: unknown }[];
  known = children.filter(({ allergies }) => allergies !== null).map(({ id }) => id);
  expect(known.length).toBeGreaterThan(1);
});

afterAll(async () => {
  await health?.stop();
  await system?.remove();
});

beforeEach(() => {
  health.reply = (asked, response) => {
    if (Array.isArray(asked)) {
      batches += 1;
      answerBatch(asked, response);
      return;
    }
    answerAlone(asked, response);
  };
  answerBatch = never as never;
});

const practitioner = (question: Omit<Question, 'purpose'>): Promise<Answer> =>
  system.ask('general-practitioner', { ...question, purpose: 'DC' });

/** And says that it takes batches. */
function answerAlone(asked: AskedOperation, response: ServerResponse): void {
  response
    .writeHead(200, { 'content-type': 'application/json', 'graphql-batch': '"/graphql/batch";max=50' })
    .end(JSON.stringify(answerTo(asked)));
}

const allergyOf = (id: string) => [`allergy of ${id}`];

const answerTo = (asked: AskedOperation, of: (id: string) => string = (id) => id) => ({
  data: { _entities: entities(asked, (id) => ({ allergies: allergyOf(of(id)) })) },
});

const line = (index: unknown, answer: unknown) => `${JSON.stringify([index, answer])}\n`;

/** Many callers at one moment, of some children in turn: until some of them have travelled together. */
async function askTogether(): Promise<readonly { readonly id: string; readonly answer: Answer }[]> {
  const before = batches;
  for (let attempt = 0; attempt < 20; attempt++) {
    const begun = performance.now();
    const answers = await Promise.all(
      Array.from({ length: CALLERS }, async (_, index) => {
        const id = known[index % known.length] ?? '';
        return { id, answer: await practitioner({ query: QUERY, variables: { id } }) };
      }),
    );
    expect(performance.now() - begun).toBeLessThan(WITHIN);
    if (batches > before) return answers;
  }
  throw new Error('Nothing has travelled together');
}

describe('an agency that answers a batch', () => {
  test.each<[string, (batch: readonly AskedOperation[], response: ServerResponse) => void]>([
    [
      "with one caller's child in another's place",
      (batch, response) =>
        void lines(response).end(
          batch.map((_, index) => line(index, answerTo(batch.at(-1 - index) as AskedOperation))).join(''),
        ),
    ],
    [
      'in another order than the lines say',
      (batch, response) =>
        void lines(response).end(
          batch.map((each, index) => line(batch.length - 1 - index, answerTo(each))).join(''),
        ),
    ],
    [
      'twice each, the second time with something else',
      (batch, response) =>
        void lines(response).end(
          batch
            .map(
              (each, index) =>
                line(index, answerTo(each)) +
                line(
                  index,
                  answerTo(each, () => LEAK),
                ),
            )
            .join(''),
        ),
    ],
    [
      'of which nobody asked for so much',
      (batch, response) =>
        void lines(response).end(
          Array.from({ length: 500 }, (_, index) =>
            line(index, answerTo(batch[index % batch.length] as AskedOperation)),
          ).join(''),
        ),
    ],
    [
      'with numbers that are none',
      (batch, response) =>
        void lines(response).end(
          batch
            .map((each, index) =>
              line([index, `${index}`, -1, 0.5, 1e30, '__proto__'][index % 6], answerTo(each)),
            )
            .join(''),
        ),
    ],
    [
      'with one answer to all of it',
      (batch, response) => void lines(response).end(JSON.stringify(answerTo(batch[0] as AskedOperation))),
    ],
    [
      'in JSON, which it never said',
      (batch, response) =>
        void response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify(batch.map((each) => answerTo(each)))),
    ],
    [
      'without end',
      (batch, response) => {
        lines(response);
        const more = (): void => {
          const text = batch.map((each, index) => line(index, answerTo(each))).join('');
          if (!response.destroyed) response.write(text, () => setImmediate(more));
        };
        more();
      },
    ],
    ['never', never as never],
  ])('%s: nobody is shown another child', async (_case, reply) => {
    answerBatch = reply;
    for (const { id, answer } of await askTogether()) {
      expect([answer.status, answer.body.data.child.id]).toEqual([200, id]);
      expect(answer.body.data.child.familyName).toEqual(expect.any(String));
      expect([null, allergyOf(id)]).toContainEqual(answer.body.data.child.allergies);
      const codes = (answer.body.errors ?? []).map(({ extensions }) => extensions?.['code']);
      expect(codes).toEqual(answer.body.data.child.allergies === null ? ['SUBGRAPH_UNAVAILABLE'] : []);
      expect(answer.text).not.toContain(LEAK);
    }
  });
});

function lines(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'application/jsonl' });
}
