import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { refusalsIn, valuesIn } from './bench/answers.ts';
import { type Bench, openBench } from './bench/bench.ts';
import { socialWorker } from './bench/colleagues.ts';
import { CHILDREN } from './bench/world.ts';

/*
 * CVE-2026-32621: an alias, the name of a variable or an agency's JSON that reaches the prototype of all objects. What
 * lies there is inherited by every caller's request.
 */

const [ONE = ''] = CHILDREN;
const QUERY = `{ child(id: "${ONE}") { name homes { line town } care { status worker { phone } } siblings { name risk } } }`;
const PRISTINE = [Object, Array, Map, Function].map(({ prototype }) => Reflect.ownKeys(prototype));

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  bench.setWorld({ seed: 3, plenty: true });
});
afterEach(() => {
  bench.tamper(undefined);
  expect([Object, Array, Map, Function].map(({ prototype }) => Reflect.ownKeys(prototype))).toEqual(PRISTINE);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
afterAll(() => bench.close());

const TREACHEROUS = ['constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'];
const RESERVED = ['__proto__', '__defineGetter__', '__lookupSetter__'];

describe('an alias', () => {
  test.each(TREACHEROUS)('%s is a key like any other', async (alias) => {
    const query = `{ ${alias}: child(id: "${ONE}") { ${alias}: name care { ${alias}: status } homes { ${alias}: line } } }`;
    const { response, text } = await bench.ask(socialWorker(), { query });
    expect(response.body.errors).toBeUndefined();
    const body = JSON.parse(text).body.data;
    expect(Object.keys(body)).toEqual([alias]);
    expect(Object.keys(body[alias])).toEqual([alias, 'care', 'homes']);
    expect(body[alias][alias]).toMatch(/Child\.name/);
  });

  test.each(TREACHEROUS)('%s of a refused field is refused', async (alias) => {
    const query = `{ child(id: "${ONE}") { ${alias}: memo name care { ${alias}: convictions } } }`;
    const traces = await bench.ask(socialWorker(), { query });
    expect(refusalsIn(traces)).toEqual([`child.${alias} SCOPE`]);
    expect(valuesIn(traces)).toEqual(['Child.name']);
    expect(traces.response.body.data).toEqual({
      child: { [alias]: null, name: expect.any(String), care: { [alias]: null } },
    });
  });

  test.each(RESERVED)('%s is no operation', async (alias) => {
    const { response, requests } = await bench.ask(socialWorker(), {
      query: `{ child(id: "${ONE}") { ${alias}: name } ${alias}: person { name } }`,
    });
    expect([response.status, requests]).toEqual([400, []]);
  });
});

describe('a variable', () => {
  test.each(TREACHEROUS)('called %s is one like any other', async (name) => {
    const query = `query ($${name}: ID!) { child(id: $${name}) { name } }`;
    const given = await bench.ask(socialWorker(), { query, variables: { [name]: ONE } });
    expect(valuesIn(given)).toEqual(['Child.name']);
    const missing = await bench.ask(socialWorker(), { query });
    expect([missing.response.status, missing.requests]).toEqual([400, []]);
  });

  test.each(TREACHEROUS)('called %s that is not given is not there', async (name) => {
    const query = `query ($${name}: Boolean = false) { child(id: "${ONE}") { name bornOn @include(if: $${name}) } }`;
    const traces = await bench.ask(socialWorker(), { query });
    expect(valuesIn(traces)).toEqual(['Child.name']);
  });

  test.each(RESERVED)('called %s is no operation', async (name) => {
    const query = `query ($${name}: ID!) { child(id: $${name}) { name } }`;
    const variables = JSON.parse(`{ "${name}": { "polluted": true } }`);
    const { response, requests } = await bench.ask(socialWorker(), { query, variables });
    expect([response.status, requests]).toEqual([400, []]);
  });

  test.each([...TREACHEROUS, ...RESERVED])('%s that nobody declared is not looked at', async (name) => {
    const query = `query ($one: ID!) { child(id: $one) { name } }`;
    const variables = JSON.parse(`{ "one": "${ONE}", "${name}": { "prototype": { "polluted": true } } }`);
    const traces = await bench.ask(socialWorker(), { query, variables });
    expect(valuesIn(traces)).toEqual(['Child.name']);
    expect(traces.requests[0]?.variables).toEqual({ one: ONE });
  });
});

test.each([...TREACHEROUS, ...RESERVED])(
  'no operation is called %s unless the document says so',
  async (name) => {
    const { response, requests } = await bench.ask(socialWorker(), { query: QUERY, operationName: name });
    expect([response.status, requests]).toEqual([400, []]);
  },
);

describe('an agency’s JSON', () => {
  const poison = ['"__proto__":{"polluted":true}', '"constructor":{"prototype":{"polluted":true}}'];

  test('brings nothing but what was asked for', async () => {
    const { response: sound } = await bench.ask(socialWorker(), { query: QUERY });
    for (const each of poison) {
      bench.tamper((answer) =>
        JSON.stringify(answer).replaceAll('{"', `{${each},"`).replaceAll('{}', `{${each}}`),
      );
      const { response } = await bench.ask(socialWorker(), { query: QUERY });
      expect(response.body).toEqual(sound.body);
    }
  });

  test.each([
    [
      'a list of entities that is none',
      '{"data":{"_entities":{"__proto__":[{"polluted":true}],"length":1}}}',
    ],
    ['data that are a list', '{"data":[{"__proto__":{"polluted":true}}]}'],
    [
      'a type that is none',
      '{"data":{"child":{"__typename":"__proto__","__subject":"constructor","name":"~0:X.y:~"}}}',
    ],
    ['a type that everything has', '{"data":{"child":{"__typename":"constructor","name":"~0:X.y:~"}}}'],
    ['a child that is a list', `{"data":{"child":[{"__subject":"${ONE}","name":"~0:X.y:~"}]}}`],
    ['a list where there should be a text', `{"data":{"child":{"__subject":"${ONE}","name":["~0:X.y:~"]}}}`],
    [
      'an error at the prototype',
      '{"data":{"child":null},"errors":[{"message":"~0:X.y:~","path":["__proto__","polluted"],"extensions":{"__proto__":{"polluted":true},"code":"~0:X.y:~"}}]}',
    ],
    [
      'an error below what was asked',
      '{"data":null,"errors":[{"message":"~0:X.y:~","path":["child","constructor","~0:X.y:~"]}]}',
    ],
  ])('shows nothing and changes nothing: %s', async (_case, answer) => {
    const isEntities = (text: string) => text.includes('_entities');
    bench.tamper((sound, { query }) => (isEntities(query) === isEntities(answer) ? answer : sound));
    const traces = await bench.ask(socialWorker(), { query: QUERY });
    expect(traces.text + traces.kept).not.toContain('X.y');
    expect(traces.response.status).toBe(200);
    expect(refusalsIn(traces)).not.toEqual([]);
  });
});
