import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildSubgraph } from './build.ts';
import { ANNA, BEN, counted, inventedSubgraph } from './testing/invented-subgraph.ts';
import { ask, startTestSubgraph, TEST_KEYS, type TestSubgraph } from './testing.ts';

let subgraph: TestSubgraph;
beforeAll(async () => {
  subgraph = await startTestSubgraph(inventedSubgraph);
});
afterAll(async () => await subgraph.stop());
beforeEach(() => {
  counted.references.length = 0;
  counted.scores.length = 0;
});

const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename ... on Child { id name score brief clinic { name } visits { on site reason stamp { by } } contact { __typename ... on Nurse { name phone } } }
} }`;

function entities(...ids: string[]) {
  return { query: ENTITIES, variables: { representations: ids.map((id) => ({ __typename: 'Child', id })) } };
}

/** What the same text answers uncompiled, on the run that compiles it, and compiled. */
async function askThrice(question: Parameters<typeof ask>[1]) {
  const first = await ask(subgraph.app, question);
  expect(await ask(subgraph.app, question)).toEqual(first);
  expect(await ask(subgraph.app, question)).toEqual(first);
  return first;
}

describe('a field of a child', () => {
  test('is null, and its resolver does not run, unless its class is granted', async () => {
    const { data, errors } = await askThrice({
      ...entities(ANNA),
      children: { [ANNA]: { LOCATION: 'FULL' } },
    });
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([
      {
        __typename: 'Child',
        id: ANNA,
        name: null,
        score: null,
        brief: null,
        clinic: { name: 'Clinic C1' },
        visits: null,
        contact: null,
      },
    ]);
    expect(counted.scores).toEqual([]);
  });

  test('of the minimal subset is all that a minimal grant opens, in nested objects too', async () => {
    const { data } = await askThrice({ ...entities(ANNA), children: { [ANNA]: { SPECIAL: 'MINIMAL' } } });
    expect(data._entities[0]).toMatchObject({
      score: null,
      brief: 'in brief',
      visits: [{ on: '2026-01-02', site: null, reason: null, stamp: { by: null } }],
    });
  });

  test('in a nested object and behind a union is decided for the child it hangs on', async () => {
    const children = { [ANNA]: { SPECIAL: 'FULL', INVOLVEMENT: 'FULL' } } as const;
    const { data } = await askThrice({ ...entities(ANNA), children });
    expect(data._entities[0]).toMatchObject({
      score: 3,
      visits: [{ on: '2026-01-02', site: null, reason: 'shared reason', stamp: { by: 'nurse' } }],
      contact: { __typename: 'Nurse', name: 'Nora', phone: null },
    });
  });

  test('in a row that two children share follows each child', async () => {
    const children = {
      [ANNA]: { SPECIAL: 'FULL', LOCATION: 'FULL' },
      [BEN]: { SPECIAL: 'MINIMAL' },
    } as const;
    for (const order of [
      [ANNA, BEN],
      [BEN, ANNA],
    ]) {
      const { data } = await askThrice({ ...entities(...order), children });
      const [anna, ben] = order[0] === ANNA ? data._entities : data._entities.toReversed();
      expect(anna.visits[0]).toMatchObject({ site: 'Shared clinic', reason: 'shared reason' });
      expect(ben.visits[0]).toMatchObject({ on: '2026-01-02', site: null, reason: null });
    }
  });
});

describe('a way round', () => {
  const children = { [ANNA]: { IDENTITY: 'FULL' } } as const;

  test('a child that the grant does not name is null and not looked up', async () => {
    const { data, errors } = await askThrice({ ...entities(BEN, ANNA, BEN), children });
    expect(errors).toBeUndefined();
    expect(data._entities.map((child: { id: string } | null) => child?.id)).toEqual([
      undefined,
      ANNA,
      undefined,
    ]);
    expect(counted.references).not.toContain(BEN);
  });

  test('a child of whom nothing is granted is as one that is not named', async () => {
    const { data } = await askThrice({ ...entities(ANNA), children: { [ANNA]: {} } });
    expect(data._entities).toEqual([null]);
  });

  test.each(['toString', '__proto__', 'constructor'])('%s is no child', async (id) => {
    const { data } = await askThrice({ ...entities(id), children });
    expect(data._entities).toEqual([null]);
  });

  test('alias, fragment and inline fragment are the same field', async () => {
    const { data } = await askThrice({
      query: `query ($r: [_Any!]!) { a: _entities(representations: $r) { ...C ... on Child { score2: score } } }
        fragment C on Child { name: score id: brief }`,
      variables: { r: [{ __typename: 'Child', id: ANNA }] },
      children,
    });
    expect(data.a).toEqual([{ name: null, id: null, score2: null }]);
  });

  test.each([
    ['an unknown type', { __typename: 'Nobody', id: ANNA }],
    ['a type without key', { __typename: 'Visit', id: ANNA }],
    ['a root type', { __typename: 'Query' }],
    ['no type', { id: ANNA }],
  ])('a representation of %s is refused', async (_case, representation) => {
    const { data, errors } = await askThrice({
      query: '{ _entities(representations: $r) { __typename } }'.replace('{', 'query ($r: [_Any!]!) {'),
      variables: { r: [representation] },
      children,
    });
    expect(data._entities).toEqual([null]);
    expect(errors?.map(({ extensions, path }) => [extensions.code, path])).toEqual([
      ['BAD_USER_INPUT', ['_entities', 0]],
    ]);
  });

  test('fields that a representation brings along are not given back as ours', async () => {
    const representation = { __typename: 'Child', id: ANNA, brief: 'forged', visits: [{ reason: 'forged' }] };
    const { data } = await askThrice({
      query: ENTITIES,
      variables: { representations: [representation] },
      children: { [ANNA]: { SPECIAL: 'FULL' } },
    });
    expect(JSON.stringify(data)).not.toContain('forged');
  });

  test('another child reached from a granted one stands under its own grant', async () => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Child { sibling { id name score } } } }`;
    const variables = { r: [{ __typename: 'Child', id: ANNA }] };
    const alone = await askThrice({ query, variables, children });
    expect(alone.data._entities).toEqual([{ sibling: null }]);
    const both = await askThrice({
      query,
      variables,
      children: { ...children, [BEN]: { IDENTITY: 'FULL' } },
    });
    expect(both.data._entities).toEqual([{ sibling: { id: BEN, name: 'sibling', score: null } }]);
  });
});

describe('outside a child', () => {
  test('a door grants what it decided, and no more', async () => {
    const { data } = await askThrice({
      query: `{ door(id: "${ANNA}") { id name score } shut(id: "${BEN}") { id name } }`,
    });
    expect(data).toEqual({ door: { id: ANNA, name: `Name of ${ANNA}`, score: null }, shut: null });
  });

  test('what a door denies in silence is worked out, dropped and not noted; what it denies aloud is not', async () => {
    const evt = 'f'.repeat(64);
    const query = `{ silent(id: "${ANNA}") { id name score brief visits { on } clinic { name } } }`;
    const { data, errors } = await ask(subgraph.app, { query, evt });
    expect(errors).toBeUndefined();
    expect(data.silent).toEqual({
      ...{ id: ANNA, name: `Name of ${ANNA}` },
      ...{ score: null, brief: null, visits: null, clinic: null },
    });
    expect(counted.scores).toEqual([ANNA]);
    const noted = await subgraph.store<{ coordinates: string[] }[]>`
      select coordinates from access_journal where evt = ${evt} and child_id = ${ANNA}`;
    expect(noted).toEqual([{ coordinates: ['Child.id', 'Child.name'] }]);
  });

  test('what a door opened is readable, but children below it stand under their own grants', async () => {
    const { data } = await askThrice({ query: '{ search { score child { id name score } } }' });
    expect(data.search).toEqual([
      { score: 0.9, child: { id: ANNA, name: 'Anna', score: null } },
      { score: 0.5, child: null },
    ]);
  });

  test('a classified field below an open root field is null', async () => {
    const { data } = await askThrice({ query: '{ plain { score child { id } } }' });
    expect(data.plain).toEqual({ score: null, child: null });
  });

  test('reference data needs a grant and no class', async () => {
    const { data } = await askThrice({
      query: `query ($r: [_Any!]!) { clinic(code: "C2") { name } _entities(representations: $r) { ... on Clinic { code } } }`,
      variables: { r: [{ __typename: 'Clinic', code: 'C3' }] },
    });
    expect(data).toEqual({ clinic: { name: 'Clinic C2' }, _entities: [{ code: 'C3' }] });
  });

  test.each([
    ['none', [], null],
    ['one of two that go together', ['report:read'], null],
    ['both', ['report:read', 'report:all'], [{ number: 1, note: null }]],
    ['the alternative', ['report:any'], [{ number: 1, note: null }]],
    ['and the one of the field', ['report:any', 'note:read'], [{ number: 1, note: 'a note' }]],
  ])('scopes: %s', async (_case, scopes, reports) => {
    const { data, errors } = await askThrice({ query: '{ reports { number note } }', scopes });
    expect(data.reports).toEqual(reports);
    if (!scopes.includes('note:read'))
      expect(errors?.[0]?.extensions).toEqual({ code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'SCOPE' });
  });

  test.each([
    [[], null],
    [['report:read'], { number: 7 }],
  ])('an entity whose type is guarded, with scopes %j', async (scopes, report) => {
    const { data } = await askThrice({
      query: `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Report { number } } }`,
      variables: { r: [{ __typename: 'Report', number: 7 }] },
      scopes,
    });
    expect(data._entities).toEqual([report]);
  });
});

test.each([
  ['a field without class', 'type Visit @sensitivity(class: SPECIAL)', 'type Visit', /Visit.reason/],
  ['a policy that only the gateway knows', 'score: Int', 'score: Int @policy(policies: [["p"]])', /@policy/],
])('%s stops the start', async (_case, from, to, problem) => {
  const typeDefs = inventedSubgraph.typeDefs
    .replace(from, to)
    .replace('"@authenticated"', '"@authenticated", "@policy"');
  await expect(
    buildSubgraph(
      { ...inventedSubgraph, typeDefs },
      { store: subgraph.store, grants: TEST_KEYS, clock: () => new Date() },
    ),
  ).rejects.toThrow(problem);
});
