import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AGENCIES, type Agency, changed, changedText, RENAMED } from './bench/agencies.ts';
import { refusalsIn, sentIn, valuesIn } from './bench/answers.ts';
import { type Bench, type BenchOptions, CompositionRefused, openBench } from './bench/bench.ts';
import { socialWorker, teacher } from './bench/colleagues.ts';
import { CHILDREN } from './bench/world.ts';

/*
 * Every published way past the authorization of a federated graph that we know of, tried on the real pipeline. Agencies
 * answer whatever they are asked: what is not held by composition or gateway is seen.
 */

const [ONE = '', OTHER = ''] = CHILDREN;
const child = (selection: string) => `{ child(id: "${ONE}") { ${selection} } }`;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  // A world in which nothing that is asked below is null by chance.
  bench.setWorld({ seed: 3, plenty: true });
});
afterAll(() => bench.close());

describe('CVE-2025-64530: a guard on an interface, got round by a fragment on an implementer', () => {
  const guardOnInterface = '@requiresScopes(scopes: [["notes"]])';

  test('does not compose', async () => {
    const agencies = changed('health', /interface Note \{\s*text: String/, `$& ${guardOnInterface}`);
    await expect(openBench({ agencies })).rejects.toThrow(CompositionRefused);
  });

  test.each([
    ['a fragment on the implementer', 'notes { ... on WardNote { text } }'],
    ['a named fragment on it', 'notes { ...Ward }'],
    ['the interface', 'notes { text }'],
    ['both', 'notes { author ... on WardNote { text } ...on TrialNote { text } }'],
  ])('holds in a supergraph of older making: %s', async (_case, selection) => {
    const rewrite = (sdl: string) =>
      changedText(
        sdl,
        /(interface Note\b[^}]*?\btext: String)[^\n]*/,
        (line) => `${line.replace(/@(requiresScopes|policy)\([^)]*\)/g, '')} ${guardOnInterface}`,
      );
    await withBench({ rewrite }, async (older) => {
      const query = `${child(selection)} ${selection.includes('...Ward') ? 'fragment Ward on WardNote { text }' : ''}`;
      const caller = socialWorker({ role: 'general-practitioner', purpose: 'DC' });
      const traces = await older.ask(caller, { query });
      expect(valuesIn(traces)).not.toContain('WardNote.text');
      expect(sentIn(traces).join()).not.toMatch(/\btext\b/);
    });
  });
});

describe('CVE-2025-64173: guards on implementers, ignored where the interface is asked', () => {
  const gp = socialWorker({ role: 'general-practitioner', purpose: 'DC' });
  const query = child('notes { author ... on WardNote { mine: author } }');

  test('the interface is as guarded as all of them together', async () => {
    const traces = await bench.ask(gp, { query });
    expect(valuesIn(traces)).toEqual(['WardNote.author']);
    expect(refusalsIn(traces).every((each) => each.endsWith('author SCOPE'))).toBe(true);
    expect(refusalsIn(traces)).not.toEqual([]);
    expect(sentIn(traces).join()).not.toMatch(/notes\{__typename author/);
  });

  test('who holds what all of them ask for reads through it', async () => {
    const traces = await bench.ask({ ...gp, scopes: ['authors'] }, { query });
    expect(valuesIn(traces)).toEqual(['TrialNote.author', 'WardNote.author']);
    expect(refusalsIn(traces)).toEqual([]);
  });

  test('a guard on an implementing type guards what returns the interface', async () => {
    const teams = child('teams { label }');
    const traces = await bench.ask(socialWorker(), { query: teams });
    expect(refusalsIn(traces)).toEqual(['child.teams SCOPE']);
    expect(sentIn(traces).join()).not.toContain('teams');
    const held = await bench.ask(socialWorker({ scopes: ['boxing'] }), { query: teams });
    expect(valuesIn(held)).toContain('Boxing.label');
  });
});

describe('GHSA-m8jr-fxqx-8xx6: @requires and @fromContext pull a protected field along', () => {
  const requiring: Agency[] = changed(
    'health',
    'practice: Practice @sensitivity(class: LOCATION)',
    `$& ethnicity: String @external @sensitivity(class: SPECIAL)
      guess: String @requires(fields: "ethnicity") @sensitivity(class: SPECIAL, minimal: true)`,
  );
  const fromContext: Agency[] = changed(
    'health',
    /type Child @key\(fields: "id"\)(.*)type Visit @sensitivity\(class: SPECIAL\) \{/s,
    `type Child @key(fields: "id") @context(name: "child")$1type Visit @sensitivity(class: SPECIAL) @key(fields: "on") {
      guess(score: Int @fromContext(field: "$child { score }")): String`,
  );

  test.each([
    ['@requires', requiring],
    ['@fromContext', fromContext],
  ])('%s does not compose', async (_case, agencies) => {
    await expect(openBench({ agencies })).rejects.toThrow(/depend on another's/);
  });

  test.each([
    ['@requires', requiring],
    ['@fromContext', fromContext],
  ])('a supergraph from elsewhere with %s is not loaded', async (_case, agencies) => {
    await expect(openBench({ agencies, unchecked: true })).rejects.toThrow(/CROSS_AGENCY_DIRECTIVE/);
  });

  test('nor one that requires a field of something that is nobody', async () => {
    const agencies = changed(
      'health',
      'type Practice @key(fields: "odsCode")',
      `type School @key(fields: "urn") @sensitivity(class: REFERENCE) {
        urn: ID!
        town: String @external
        nearest: String @requires(fields: "town")
      }
      $&`,
    );
    await expect(openBench({ agencies, unchecked: true })).rejects.toThrow(
      'School.nearest: @requires makes fields',
    );
  });
});

describe('an entity that describes a child and is known by a key of its own', () => {
  // Decided as social care's record, for that is by which field it was reached, and held by health.
  const agencies = changed(
    'health',
    'type Practice @key(fields: "odsCode")',
    'type Ward @key(fields: "code") @sensitivity(class: SPECIAL) { code: ID! injury: String } $&',
  ).map(({ name, sdl }) => ({
    name,
    sdl:
      name === 'social-care'
        ? `${sdl} type Ward @key(fields: "code") @sensitivity(class: SPECIAL) { code: ID! }
           extend type Care { ward: Ward @sensitivity(class: SPECIAL) }`
        : sdl,
  }));

  test('does not compose', async () => {
    await expect(openBench({ agencies })).rejects.toThrow('Ward.injury must be REFERENCE');
  });

  test('is not loaded from elsewhere', async () => {
    await expect(openBench({ agencies, unchecked: true })).rejects.toThrow('Ward.code must be REFERENCE');
  });
});

describe('CVE-2025-64347: directives under names of the agency’s own', () => {
  const query = child('name memo code trial lessons { mark } ethnicity region homes { line } formerNames');

  test('guard and classify as under their own', async () => {
    await withBench({ names: RENAMED }, async (renamed) => {
      renamed.setWorld({ seed: 3, plenty: true });
      for (const caller of [socialWorker(), teacher(), teacher({ scopes: ['memo:c', 'marks'] })]) {
        const [here, there] = [await bench.ask(caller, { query }), await renamed.ask(caller, { query })];
        expect(there.response.body).toEqual(here.response.body);
        expect(sentIn(there)).toEqual(sentIn(here));
        expect(refusalsIn(there)).not.toEqual([]);
      }
    });
  });

  test('a supergraph that links rules of which none is found is not loaded', async () => {
    const rewrite = (sdl: string) => sdl.replace(/ @policy\(policies: \[\["[^)]*\)/g, '');
    await expect(openBench({ rewrite })).rejects.toThrow('The supergraph links @policy');
  });
});

describe('the same directive from two subgraphs is an AND', () => {
  const inBoth = (scope: string) => (sdl: string) =>
    sdl.replace(/(type Contact [^}]*phone: String)/, `$1 @requiresScopes(scopes: [["${scope}"]])`);
  const agencies = AGENCIES.map(({ name, sdl }) => ({
    name,
    sdl: inBoth(name === 'education' ? 'a' : 'b')(sdl),
  }));

  test('does not compose here', async () => {
    await expect(openBench({ agencies })).rejects.toThrow(CompositionRefused);
  });

  test.each([
    ['one scope', ['a'], []],
    ['the other', ['b'], []],
    ['both', ['a', 'b'], ['Contact.phone']],
  ])('in a supergraph from elsewhere: %s', async (_case, scopes, values) => {
    await withBench({ agencies, unchecked: true }, async (merged) => {
      merged.setWorld({ seed: 3, plenty: true });
      const traces = await merged.ask(socialWorker({ scopes }), { query: child('lead { phone }') });
      expect(valuesIn(traces)).toEqual(values);
    });
  });
});

describe('a plan of one caller is none of another’s', () => {
  const query = child('name ethnicity memo homes { line town } lessons { mark }');

  test.each([
    ['role', teacher(), ['Child.name', 'Home.town']],
    ['purpose', socialWorker({ purpose: 'S17' }), ['Child.name', 'Home.line', 'Home.town']],
    ['purpose outside the row', socialWorker({ purpose: 'EC' }), []],
    ['scope', teacher({ scopes: ['memo:c'] }), ['Child.memo', 'Child.name', 'Home.town']],
  ])('the same operation under another %s', async (_case, caller, values) => {
    const everything = await bench.ask(socialWorker({ scopes: ['memo:c', 'marks'] }), { query });
    expect(valuesIn(everything)).toEqual(
      expect.arrayContaining(['Child.ethnicity', 'Child.memo', 'Child.name', 'Home.line', 'Home.town']),
    );
    const traces = await bench.ask(caller, { query });
    expect(valuesIn(traces)).toEqual(values);
    if (caller.role === 'teacher') expect(sentIn(traces).join()).not.toContain('ethnicity');
  });
});

describe('a child by other ways than its door', () => {
  test.each([
    ['entities', `{ _entities(representations: [{ __typename: "Child", id: "${ONE}" }]) { __typename } }`],
    ['the service', '{ _service { sdl } }'],
    ['a subgraph’s own echo', `{ child(id: "${ONE}") { __subject: name } }`],
    [
      'a variable for representations',
      'query ($representations: [ID!]!) { children(ids: $representations) { id } }',
    ],
  ])('is no operation: %s', async (_case, query) => {
    const traces = await bench.ask(socialWorker(), { query, variables: { representations: [ONE] } });
    expect(traces.response.status).toBe(400);
    expect(traces.requests).toEqual([]);
    expect(traces.events).toHaveLength(1);
  });

  const stranger = { relationship: 'NONE', shielded: false, ownRecord: false } as const;
  const knowsOne = teacher({ facts: { ...teacher().facts, [OTHER]: stranger } });
  test.each([
    ['a second alias', `{ one: child(id: "${ONE}") { name } other: child(id: "${OTHER}") { name } }`],
    ['a list', `{ children(ids: ["${ONE}", "${OTHER}"]) { name } }`],
    [
      'a fragment at the root',
      `{ child(id: "${ONE}") { name } ... { other: child(id: "${OTHER}") { name } } }`,
    ],
    [
      'an alias of its own name',
      `{ name: child(id: "${OTHER}") { id: name name: id } child(id: "${ONE}") { name } }`,
    ],
  ])('is decided for itself: %s', async (_case, query) => {
    const traces = await bench.ask(knowsOne, { query });
    expect([...traces.text.matchAll(/~(\d+):/g)].map(([, position]) => position)).toEqual(['0']);
    expect(traces.text).not.toContain(OTHER);
    expect(refusalsIn(traces)).toEqual([expect.stringMatching(/ RELATIONSHIP$/)]);
  });

  test.each([
    ['as the key', 'id: ethnicity name'],
    ['as another field', 'name: ethnicity'],
    ['twice', 'a: ethnicity b: ethnicity'],
    ['through an interface', '... on Person { name } ethnicity'],
    ['of another agency', 'name conditions: ethnicity'],
  ])('a refused field stays refused under an alias: %s', async (_case, selection) => {
    const traces = await bench.ask(teacher(), { query: child(selection) });
    expect(valuesIn(traces)).not.toContain('Child.ethnicity');
    expect(sentIn(traces).join()).not.toContain('ethnicity');
    expect(refusalsIn(traces)).not.toEqual([]);
  });
});

describe('__typename of a protected type', () => {
  test.each([
    ['a guarded mutation', `mutation { guardedRename(id: "${ONE}") { __typename } }`],
    ['a mutation whose type is guarded', 'mutation { pinNotice { __typename } }'],
    [
      'a mutation of which another part is refused',
      `mutation { rename(id: "${ONE}") { name } pinNotice { __typename } }`,
    ],
    ['a mutation of which one field is refused', `mutation { rename(id: "${ONE}") { __typename memo } }`],
    [
      'the same, left out by a variable',
      `mutation ($no: Boolean!) { rename(id: "${ONE}") { name memo @include(if: $no) } }`,
    ],
    [
      'the same, in a fragment',
      `mutation { ...F } fragment F on Mutation { rename(id: "${ONE}") { name } pinNotice { title } }`,
    ],
    ['a guarded query', '{ notice { __typename } }'],
  ])('does not run what returns it: %s', async (_case, query) => {
    const traces = await bench.ask(socialWorker(), { query, variables: { no: false } });
    expect(traces.requests).toEqual([]);
    expect(Object.values(traces.response.body.data ?? {}).filter((value) => value !== null)).toEqual([]);
    expect(refusalsIn(traces)).not.toEqual([]);
    expect(refusalsIn(traces).filter((each) => !each.endsWith(' SCOPE'))).toEqual([]);
  });

  test('runs once where nothing is refused', async () => {
    const query = `mutation { guardedRename(id: "${ONE}") { __typename } }`;
    const traces = await bench.ask(socialWorker({ scopes: ['rename'] }), { query });
    expect(sentIn(traces)).toHaveLength(1);
    expect(traces.response.body).toEqual({ data: { guardedRename: { __typename: 'Child' } } });
    expect(traces.events.map(({ kind }) => kind)).toEqual(['intent', 'outcome']);
  });
});

async function withBench(options: BenchOptions, use: (bench: Bench) => Promise<void>): Promise<void> {
  const other = await openBench(options);
  try {
    await use(other);
  } finally {
    await other.close();
  }
}
