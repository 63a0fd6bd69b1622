import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { fetchText } from '../planning/fetch-text.ts';
import type { FetchStep } from '../planning/plan-step.ts';
import { prunedText } from './prune.ts';

const FIELDS = Array.from({ length: 200 }, (_, index) => `f${index}`);
const schema = buildSchema(`type Query { ${FIELDS.map((name) => `${name}: Int`).join(' ')} }`);

function rootStep(): FetchStep {
  return {
    kind: 'Fetch',
    subgraph: 's',
    operation: 'query',
    text: fetchText(schema, parse(`{ ${FIELDS.join(' ')} }`), false),
    requires: undefined,
    inputRewrites: [],
    outputRewrites: [],
    renamed: new Map(),
    pruned: new Map(),
  };
}

test('texts without some coordinates are kept, and no more of them than a few dozen', () => {
  const step = rootStep();
  const without = (name: string) => prunedText(schema, step, new Set([`Query.${name}`]));
  for (const name of FIELDS) expect(without(name)?.coordinates).not.toContain(`Query.${name}`);
  expect(step.pruned.size).toBeLessThan(100);
  expect(without('f199')).toBe(without('f199'));
});
