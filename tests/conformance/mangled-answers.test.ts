import type { ExecutionResult, Executor } from '@contactpoint/executor/execution';
import { createExecutor } from '@contactpoint/executor/executor';
import { parseJson, readAnswer } from '@contactpoint/executor/subgraphs/subgraph-answer';
import { hooks } from '@contactpoint/executor/testing/hooks';
import {
  MARKET,
  type MarketSubgraph,
  marketSchema,
  marketSupergraph,
  SUBJECT_TYPES,
} from '@contactpoint/executor/testing/market';
import fc from 'fast-check';
import { graphql, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { randomOperation } from '../federation/random-operation.ts';
import { forbiddenValues } from './forbidden-values.ts';
import { type Mangle, mangling, RECORD_NUMBER } from './mangle.ts';

const schemas = new Map(MARKET.map((name) => [`${name}.invalid`, marketSchema(name)]));

/** The market in this process, each answer mangled on its way where there is a way to. */
let mangle: Partial<Record<MarketSubgraph, Mangle>> = {};
const executor: Executor = createExecutor({
  supergraphSdl: marketSupergraph(),
  subjectTypes: SUBJECT_TYPES,
  endpoints: Object.fromEntries(MARKET.map((name) => [name, `http://${name}.invalid/`])),
  connect: ({ endpoint }) => ({
    async ask({ query, variables }) {
      const schema = schemas.get(endpoint.hostname);
      if (schema === undefined) throw new Error(`No subgraph at ${endpoint}`);
      const sent = JSON.parse(JSON.stringify(variables));
      const honest = JSON.parse(
        JSON.stringify(await graphql({ schema, source: query, variableValues: sent })),
      );
      const name = endpoint.hostname.replace('.invalid', '') as MarketSubgraph;
      const text = mangle[name]?.(honest) ?? JSON.stringify(honest);
      return readAnswer(parseJson(new TextEncoder().encode(text)));
    },
    close: async () => {},
  }),
});

async function ask(query: string, variables = {}): Promise<ExecutionResult> {
  const operation = executor.prepare({ document: parse(query), refused: new Set() });
  return await executor.execute({ operation, variables, hooks: hooks() });
}

/** Where a path leads: it may end at a null above its end, and nowhere else than in the response. */
function leadsSomewhere(data: unknown, path: readonly (string | number)[]): boolean {
  let value = data;
  for (const segment of path) {
    if (value === null) return true;
    if (typeof value !== 'object' || !Object.hasOwn(value as object, segment)) return false;
    value = (value as Record<string | number, unknown>)[segment];
  }
  return true;
}

test('whatever subgraphs answer, the response is one that the schema allows', async () => {
  const all = fc.record({ products: mangling, reviews: mangling, users: mangling });
  const property = fc.asyncProperty(
    randomOperation(executor.schema),
    all,
    async ({ query, variables }, how) => {
      const document = parse(query);
      fc.pre(validate(executor.schema, document).length === 0);
      mangle = how;
      const { data, errors } = await ask(query, variables);
      const response = JSON.parse(JSON.stringify(data ?? null));
      expect(forbiddenValues(executor.schema, document, response)).toEqual([]);
      expect(JSON.stringify(errors.map(({ path: _path, ...said }) => said))).not.toContain('JANE');
      for (const { path } of errors) {
        expect(path ?? []).not.toContain('JANE');
        if (path !== undefined) expect([path, leadsSomewhere(response, path)]).toEqual([path, true]);
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect('polluted' in {}).toBe(false);
    },
  );
  await fc.assert(property, { numRuns: 400, seed: 20_261_123 });
}, 240_000);

test('what one subgraph mangles leaves alone what the others hold', async () => {
  const query = `{ me { name reviews { body } } product(id: "p1") { title price reviews { body author { name } } rating } }`;
  const property = fc.asyncProperty(mangling, async (how) => {
    mangle = { reviews: how };
    const { data } = await ask(query);
    expect(data).toMatchObject({ me: { name: 'Ann' }, product: { title: 'title p1', price: 10 } });
  });
  await fc.assert(property, { numRuns: 300, seed: 20_261_123 });
}, 240_000);

test('where no list is, no number of a record stands in the place of an error', async () => {
  const query = '{ pupils { name grade } product(id: "p1") { title size { unit } rating } }';
  const property = fc.asyncProperty(mangling, mangling, mangling, async (products, reviews, users) => {
    mangle = { products, reviews, users };
    const { errors } = await ask(query);
    for (const { path = [] } of errors) {
      if (path[0] === 'pupils') expect(path.slice(2)).not.toContain(RECORD_NUMBER);
      else expect(path).not.toContain(RECORD_NUMBER);
    }
  });
  await fc.assert(property, { numRuns: 150, seed: 20_261_123 });
}, 240_000);

test('nobody is shown as somebody else', async () => {
  const honest = await askHonest('{ pupils { id name grade } }');
  const names = new Map(honest.map(({ id, name }) => [id, name]));
  const property = fc.asyncProperty(mangling, async (how) => {
    mangle = { reviews: how };
    const { data } = await ask('{ pupils { id name grade } }');
    const pupils = (data?.['pupils'] ?? []) as ({ id: string; name: string } | null)[];
    for (const pupil of pupils) if (pupil !== null) expect(pupil.name).toBe(names.get(pupil.id));
  });
  await fc.assert(property, { numRuns: 200, seed: 20_261_123 });
}, 240_000);

async function askHonest(query: string): Promise<{ id: string; name: string }[]> {
  mangle = {};
  const { data } = await ask(query);
  return ((data?.['pupils'] ?? []) as ({ id: string; name: string } | null)[]).filter((it) => it !== null);
}
