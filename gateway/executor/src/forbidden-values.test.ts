import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Market, openMarket, places } from './testing/market-executor.ts';
import { type Answering, answerJson, answerText } from './testing/stub-subgraph.ts';

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(() => market.close());

const json =
  (body: unknown): Answering =>
  (_request, response) =>
    answerJson(response, body);
const text =
  (body: string): Answering =>
  (_request, response) =>
    answerText(response, body);

describe('values that the schema forbids', () => {
  const product = (fields: object): Answering => json({ data: { product: fields } });
  test.each([
    ['an inaccessible enum value', 'kind', { kind: 'HIDDEN' }],
    ['an unknown enum value', 'kind', { kind: 'JANE' }],
    ['a string for a number', 'price', { price: 'Jane' }],
    ['an object for a string', 'title', { title: { jane: 1 } }],
    ['a string for a list', 'tags', { tags: 'Jane' }],
    ['a string for an object', 'size { unit }', { size: 'Jane' }],
    ['a list for an object', 'size { unit }', { size: [{ unit: 'Jane' }] }],
  ])('%s: null and an error', async (_case, selection, fields) => {
    market.subgraphs.products.answerWith(product(fields));
    const result = await market.ask(`{ product(id: "p1") { ${selection} } }`);
    const [key = ''] = Object.keys(fields);
    expect(result.data).toEqual({ product: { [key]: null } });
    expect(places(result.errors)).toEqual([`product.${key} SUBGRAPH_ERROR`]);
  });

  test('a null item where none is allowed takes its list away, and no more', async () => {
    market.subgraphs.products.answerWith(product({ title: 't', tags: ['a', null, 3] }));
    const result = await market.ask('{ product(id: "p1") { title tags } }');
    expect(result.data).toEqual({ product: { title: 't', tags: null } });
    expect(places(result.errors)).toEqual(['product.tags.1 SUBGRAPH_ERROR', 'product.tags.2 SUBGRAPH_ERROR']);
  });

  test('an interface’s value without a type, or with one of somewhere else', async () => {
    market.subgraphs.products.answerWith(
      json({
        data: { nodes: [{ id: 'x' }, { __typename: 'User', id: 'u1' }, { __typename: 'Maker', id: 'm1' }] },
      }),
    );
    const result = await market.ask('{ nodes { id } }');
    expect(result.data).toEqual({ nodes: [null, null, { id: 'm1' }] });
    expect(places(result.errors)).toEqual(['nodes.0 SUBGRAPH_ERROR', 'nodes.1 SUBGRAPH_ERROR']);
  });

  test('a number for a key, where several numbers are read as one: an error at its place', async () => {
    market.subgraphs.products.answerWith(text('{"data":{"products":[{"id":9007199254740993},{"id":7}]}}'));
    const result = await market.ask('{ products { id } }');
    expect(result.data).toEqual({ products: [null, { id: '7' }] });
    expect(places(result.errors)).toEqual(['products.0.id SUBGRAPH_ERROR']);
  });

  test.each([
    ['for a leaf', 'price'],
    ['for a list of leaves', 'tags'],
    ['for an object', 'size { unit }'],
    ['for a list of objects', 'related { title }'],
  ])('lists within lists without end, %s: null and an error', async (_case, selection) => {
    const key = selection.split(' ')[0] ?? '';
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    market.subgraphs.products.answerWith(text(`{"data":{"product":{"title":"t","${key}":${deep}}}}`));
    const result = await market.ask(`{ product(id: "p1") { title ${selection} } }`);
    expect(result.data?.['product']).toMatchObject({ title: 't', [key]: key === 'related' ? [null] : null });
    expect(result.errors.map(({ extensions }) => extensions?.['code'])).toEqual(['SUBGRAPH_ERROR']);
  });

  test('keys that nobody asked for, prototypes among them, go nowhere', async () => {
    const poison = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"secret":"Jane"';
    market.subgraphs.products.answerWith(
      text(`{"data":{${poison},"product":{${poison},"constructor":"title","size":{${poison},"unit":"cm"}}}}`),
    );
    const result = await market.ask('{ product(id: "p1") { constructor: title size { unit } } }');
    expect(JSON.stringify(result.data)).toBe('{"product":{"constructor":"title","size":{"unit":"cm"}}}');
    expect({}).not.toHaveProperty('polluted');
  });
});
