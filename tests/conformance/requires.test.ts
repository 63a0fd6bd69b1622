import { describe, expect, test } from 'vitest';
import { federate } from './in-process.ts';

const GRAMS = { GRAM: 1, OUNCE: 28, KILO: 1000 } as const;

const shop = federate({
  stock: {
    sdl: `
      enum Unit { GRAM OUNCE KILO }
      type Query { parcels: [Parcel!] }
      type Parcel @key(fields: "code") {
        code: ID!
        weight(unit: Unit = GRAM): Int
        content: Content
        value: Int
      }
      union Content = Letter | Tool
      type Letter { pages: Int }
      type Tool { parts: Int }`,
    resolvers: {
      Query: { parcels: () => [{ code: 'p1' }, { code: 'p2' }] },
      Parcel: {
        __resolveReference: ({ code }: { code: string }) => ({ code }),
        weight: (_parcel: unknown, { unit }: { unit: keyof typeof GRAMS }) => 56_000 / GRAMS[unit],
        content: ({ code }: { code: string }) =>
          code === 'p1' ? { __typename: 'Letter', pages: 3 } : { __typename: 'Tool', parts: 7 },
        value: () => 5,
      },
    },
  },
  post: {
    sdl: `
      enum Unit { GRAM OUNCE KILO }
      type Parcel @key(fields: "code") {
        code: ID!
        weight(unit: Unit = GRAM): Int @external
        content: Content @external
        value: Int @external
        postage: Int @requires(fields: "weight(unit: GRAM)")
        postageAbroad: Int @requires(fields: "weight(unit: OUNCE)")
        duty: String @requires(fields: "content { ... on Letter { pages } ... on Tool { parts } }")
        premium: Int @requires(fields: "value")
      }
      union Content = Letter | Tool
      type Letter { pages: Int @external }
      type Tool { parts: Int @external }`,
    resolvers: {
      Parcel: {
        __resolveReference: (parcel: unknown) => parcel,
        postage: ({ weight }: { weight: number }) => weight,
        postageAbroad: ({ weight }: { weight: number }) => weight,
        duty: ({ content }: { content: object }) => Object.values(content).join(' '),
        premium: ({ value }: { value: number }) => value * 2,
      },
    },
  },
  claims: {
    sdl: `
      type Parcel @key(fields: "code") {
        code: ID!
        premium: Int @external
        payout: Int @requires(fields: "premium")
      }`,
    resolvers: {
      Parcel: {
        __resolveReference: (parcel: unknown) => parcel,
        payout: ({ premium }: { premium: number }) => premium * 10,
      },
    },
  },
});

const first = async (selection: string, variables = {}) => {
  const head = 'unit' in variables ? 'query($unit: Unit = KILO)' : '';
  const { data, errors } = await shop.ask(`${head} { parcels { ${selection} } }`, variables);
  expect(errors).toEqual([]);
  return (data?.['parcels'] as unknown[] | undefined)?.[0];
};

describe('@requires', () => {
  test('a field with arguments, which the client asks for with others', async () => {
    expect(await first('postage weight(unit: KILO)')).toEqual({ postage: 56_000, weight: 56 });
    expect(await first('postage weight(unit: $unit)', { unit: 'OUNCE' })).toEqual({
      postage: 56_000,
      weight: 2_000,
    });
  });

  test('one field twice, with different arguments', async () => {
    expect(await first('postage postageAbroad')).toEqual({ postage: 56_000, postageAbroad: 2_000 });
  });

  test('the client’s alias is the name of what is required', async () => {
    expect(await first('weight: code value: weight(unit: KILO) postage premium')).toEqual({
      weight: 'p1',
      value: 56,
      postage: 56_000,
      premium: 10,
    });
  });

  test('fields of a union’s members', async () => {
    const { data } = await shop.ask('{ parcels { duty } }');
    expect(data).toEqual({ parcels: [{ duty: '3' }, { duty: '7' }] });
  });

  test('a field that itself requires another', async () => {
    expect(await first('payout')).toEqual({ payout: 100 });
  });

  test('nothing that only a skipped field requires is fetched', async () => {
    shop.asked();
    const query =
      'query($no: Boolean!) { parcels { code postage @include(if: $no) payout @skip(if: true) } }';
    const { data } = await shop.ask(query, { no: false });
    expect(data).toEqual({ parcels: [{ code: 'p1' }, { code: 'p2' }] });
    expect(shop.asked()).toEqual(['stock: {parcels{code}}']);
  });
});
