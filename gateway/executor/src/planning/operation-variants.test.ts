import { getOperationAST, parse } from 'graphql';
import { expect, test } from 'vitest';
import { marketSchema } from '../testing/market.ts';
import { createOperationVariants } from './operation-variants.ts';

test('the ways that conditions fell last are planned once, whatever was asked for before', () => {
  const conditional = ['a', 'b', 'c'].map((name) => `${name}: shelf @include(if: $${name}) { id }`);
  const document = parse(`query ($a: Boolean!, $b: Boolean!, $c: Boolean!) { ${conditional.join(' ')} }`);
  const operation = getOperationAST(document);
  if (operation == null) throw new Error('No operation');
  let planned = 0;
  const variantFor = createOperationVariants({
    schema: marketSchema('products'),
    operation,
    fragments: new Map(),
    refused: new Set(),
    subjectTypes: new Set(),
    plannedKey: ({ alias, name }) => alias?.value ?? name.value,
    plan() {
      planned++;
      return undefined;
    },
  });
  const ask = (way: number) => variantFor({ a: (way & 1) > 0, b: (way & 2) > 0, c: (way & 4) > 0 });

  for (let way = 0; way < 8; way++) ask(way);
  expect(planned).toBe(8);
  const usual = ask(6);
  for (let time = 0; time < 20; time++) {
    expect(ask(6)).toBe(usual);
    ask(time % 2);
  }
  expect(planned).toBe(10);
});
