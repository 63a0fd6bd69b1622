import { expect, test } from 'vitest';
import { readSupergraph } from '../supergraph-reading.ts';
import { contractSupergraphSdl } from '../testing/contract-supergraph.ts';
import { readInThread } from './read-in-thread.ts';

const sdl = contractSupergraphSdl();

test('a thread reads what would be read here', async () => {
  expect(await readInThread(sdl)).toEqual(readSupergraph(sdl));
});

test.each([
  ['ends without a word', 'process.exit(0)', 60_000, 'to its end'],
  ['says nothing', 'setInterval(() => {}, 1_000)', 100, 'within 100 ms'],
])('a thread that %s is not waited for', async (_case, text, longest, message) => {
  const module = new URL(`data:text/javascript,${encodeURIComponent(text)}`);
  await expect(readInThread(sdl, { module, longest })).rejects.toMatchObject({
    name: 'SupergraphRefusal',
    message: expect.stringContaining(message),
  });
});

const DIRECTORYS_DOOR = /type Query\n[^{]*\{\n/;

test.each([
  ['that does not parse', 'type Query {', 'NOT_A_SUPERGRAPH', 'Syntax Error'],
  ['that is empty', '', 'NOT_A_SUPERGRAPH', ''],
  ['that is a schema', 'type Query { a: Int }', 'CHECKS_FAILED', 'names no subgraph'],
  ['of which the end is missing', sdl.slice(0, sdl.length * 0.8), 'NOT_A_SUPERGRAPH', ''],
  [
    'with an unclassified field',
    sdl.replace(/(conditions: \[Condition!\] @join__field\(graph: HEALTH\)).*/, '$1'),
    'UNCLASSIFIED_FIELD',
    'Child.conditions',
  ],
  [
    'without classification',
    sdl.replaceAll(/(?<!directive) @sensitivity\([^)]*\)/g, ''),
    'UNCLASSIFIED_FIELD',
    'Child.conditions',
  ],
  [
    'that links rules and has none',
    sdl.replaceAll(/(?<!directive) @authenticated\b/g, ''),
    'RULES_NOT_FOUND',
    '@authenticated',
  ],
  [
    'in which nobody is a data subject',
    sdl.replaceAll(/(?<!directive)\s@subject\b/g, ''),
    'CHECKS_FAILED',
    '@subject',
  ],
  [
    'with a second door',
    sdl.replace(
      DIRECTORYS_DOOR,
      '$&  patient: Child @join__field(graph: HEALTH) @authenticated @sensitivity(class: IDENTITY)\n',
    ),
    'CHECKS_FAILED',
    'Query.patient',
  ],
])('refuses one %s', async (_case, changed, code, message) => {
  expect(changed).not.toBe(sdl);
  await expect(readInThread(changed)).rejects.toMatchObject({
    name: 'SupergraphRefusal',
    code,
    message: expect.stringContaining(message),
  });
});
