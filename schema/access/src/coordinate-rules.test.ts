import { composeServices } from '@apollo/composition';
import { CONTRACT_SUBGRAPHS, readContract, readDirectives } from '@contactpoint/contract/sdl';
import { buildSchema, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { RulesNotFoundError, readCoordinateRules, unmetCoordinates } from './coordinate-rules.ts';

const LINKS = ['authenticated', 'requiresScopes', 'policy']
  .map((name) => `@link(url: "https://specs.apollo.dev/${name}/v0.1", for: SECURITY)`)
  .join(' ');

const SDL = `
  schema ${LINKS} { query: Query }
  type Query {
    open: Open
    signedIn: String @authenticated
    either: String @requiresScopes(scopes: [["a", "b"], ["c"]])
    judged: String @policy(policies: [["p", "q"], ["r"]])
    both: String @requiresScopes(scopes: [["a"]]) @policy(policies: [["p"]])
    twice: String @requiresScopes(scopes: [["a"]]) @requiresScopes(scopes: [["b"]])
    event: [Event!]!
    when: Moment
    outcome: Outcome
    node: Node
    any: Any
    never: String @requiresScopes(scopes: [])
    broken: String @requiresScopes
  }
  type Open { name: String own: String @requiresScopes(scopes: [["a"]]) }
  type Event @requiresScopes(scopes: [["a"]]) { id: ID reason: String @requiresScopes(scopes: [["b"]]) }
  scalar Moment @authenticated
  enum Outcome @policy(policies: [["p"]]) { YES }
  interface Node { id: ID name: String }
  type Plain implements Node { id: ID name: String @policy(policies: [["p"]]) }
  type Guarded implements Node { id: ID @requiresScopes(scopes: [["a"]]) name: String }
  union Any = Open | Event
`;

const rules = readCoordinateRules(supergraph(SDL));

describe('unmetCoordinates', () => {
  test.each<[string, string[], string[], Record<string, 'SCOPE' | 'POLICY'>]>([
    ['Query.open', [], [], {}],
    ['Query.either', ['a'], [], { 'Query.either': 'SCOPE' }],
    ['Query.either', ['a', 'b'], [], {}],
    ['Query.either', ['c'], [], {}],
    ['Query.judged', [], ['p'], { 'Query.judged': 'POLICY' }],
    ['Query.judged', [], ['p', 'q'], {}],
    ['Query.judged', [], ['r'], {}],
    ['Query.both', [], [], { 'Query.both': 'SCOPE' }],
    ['Query.both', ['a'], [], { 'Query.both': 'POLICY' }],
    ['Query.both', ['a'], ['p'], {}],
    ['Query.twice', ['a'], [], { 'Query.twice': 'SCOPE' }],
    ['Query.twice', ['a', 'b'], [], {}],
    ['Query.event', [], [], { 'Query.event': 'SCOPE' }],
    ['Query.event', ['a'], [], {}],
    ['Event.id', [], [], { 'Event.id': 'SCOPE' }],
    ['Event.reason', ['b'], [], { 'Event.reason': 'SCOPE' }],
    ['Event.reason', ['a'], [], { 'Event.reason': 'SCOPE' }],
    ['Event.reason', ['a', 'b'], [], {}],
    ['Open.own', [], [], { 'Open.own': 'SCOPE' }],
    ['Query.outcome', [], [], { 'Query.outcome': 'POLICY' }],
    ['Query.any', [], [], {}],
    ['Query.never', ['a', 'b', 'c'], [], { 'Query.never': 'SCOPE' }],
    ['Query.broken', ['a', 'b', 'c'], [], { 'Query.broken': 'SCOPE' }],
    // By an interface only what every implementer would give.
    ['Node.id', [], [], { 'Node.id': 'SCOPE' }],
    ['Node.id', ['a'], [], {}],
    ['Node.name', ['a'], [], { 'Node.name': 'POLICY' }],
    ['Plain.id', [], [], {}],
    ['Query.node', [], [], {}],
  ])('%s with scopes %j and policies %j', (coordinate, scopes, policies, expected) => {
    const unmet = unmetCoordinates(rules, { authenticated: true, scopes, policies: new Set(policies) });
    expect(Object.fromEntries([...unmet].filter(([each]) => each === coordinate))).toEqual(expected);
  });

  test('who has not signed in gets nothing that asks for it', () => {
    const unmet = unmetCoordinates(rules, { authenticated: false, scopes: [], policies: new Set() });
    expect([unmet.get('Query.signedIn'), unmet.get('Query.when'), unmet.get('Query.open')]).toEqual([
      'SCOPE',
      'SCOPE',
      undefined,
    ]);
  });

  test('is computed once, whatever the order of the scopes, and never for other credentials', () => {
    const ask = (authenticated: boolean, scopes: string[], policies: string[] = []) =>
      unmetCoordinates(rules, { authenticated, scopes, policies: new Set(policies) });
    expect(ask(true, ['a', 'b'])).toBe(ask(true, ['b', 'a', 'a']));
    expect(ask(true, ['a,b'])).not.toBe(ask(true, ['a', 'b']));
    expect(ask(true, ['p'])).not.toBe(ask(true, [], ['p']));
    expect(ask(false, ['a', 'b'])).not.toBe(ask(true, ['a', 'b']));
    expect(ask(true, [], ['p', 'q'])).toBe(ask(true, [], ['q', 'p']));
    expect(ask(true, [], ['q', 'p'])).toBe(ask(true, [], ['p', 'q']));
  });

  test('of more credentials than there are roles it is computed again, not kept for ever', () => {
    const own = readCoordinateRules(supergraph(SDL));
    const ask = (scope: string) =>
      unmetCoordinates(own, { authenticated: true, scopes: [scope], policies: new Set() });
    const first = ask('s0');
    for (let index = 1; index < 256; index++) ask(`s${index}`);
    expect(ask('s0')).toBe(first);
    ask('s256');
    expect(ask('s0')).not.toBe(first);
    expect(ask('s0')).toEqual(first);
  });
});

describe('readCoordinateRules', () => {
  test.each([
    [
      'each renamed',
      'schema @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", import: [{ name: "@requiresScopes", as: "@needs" }])',
    ],
    [
      'its namespace renamed',
      'schema @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", as: "needs")',
    ],
    ['a later version', 'schema @link(url: "https://specs.apollo.dev/requiresScopes/v9.0", as: "needs")'],
    [
      'by federation',
      'schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{ name: "@requiresScopes", as: "@needs" }])',
    ],
  ])('follows a link, %s', (_case, link) => {
    const renamed = readCoordinateRules(
      supergraph(`${link} { query: Query } type Query { a: String @needs(scopes: [["s"]]) }`),
    );
    expect(unmet(renamed, [])).toEqual(['Query.a']);
  });

  test('finds what composition makes of renamed directives and interfaces', () => {
    const composed = compose([
      {
        name: 'a',
        sdl: `
          extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
            "@policy", { name: "@authenticated", as: "@signedIn" }, { name: "@requiresScopes", as: "@needs" }])
          type Query { node: Node signedIn: String @signedIn }
          interface Node { id: ID! name: String }
          type A implements Node @needs(scopes: [["x"]]) { id: ID! name: String }
          type B implements Node { id: ID! name: String @policy(policies: [["p"]]) }
        `,
      },
    ]);
    expect(unmet(composed, [])).toEqual(['A.id', 'A.name', 'B.name', 'Node.id', 'Node.name', 'Query.node']);
    expect(unmet(composed, ['x'])).toEqual(['B.name', 'Node.name']);
  });

  test('an interface asks its implementers for what it asks beyond them', () => {
    const guarded = readCoordinateRules(
      supergraph(`
        schema ${LINKS} { query: Query }
        type Query { a: A signedIn: String @authenticated }
        interface Node @requiresScopes(scopes: [["n"]]) { id: ID name: String @policy(policies: [["p"]]) }
        type A implements Node { id: ID name: String own: String }
      `),
    );
    expect(unmet(guarded, [])).toEqual(['A.id', 'A.name', 'A.own', 'Node.id', 'Node.name', 'Query.a']);
    expect(unmet(guarded, ['n'])).toEqual(['A.name', 'Node.name']);
  });

  test.each([
    ['one alternative without brackets', '@requiresScopes(scopes: ["a"])', ['a'], []],
    ['one scope without any', '@requiresScopes(scopes: "a")', ['a'], []],
    ['alternatives of which one cannot be read', '@requiresScopes(scopes: [["a", 1], ["b"]])', ['b'], []],
    ['and not by that one', '@requiresScopes(scopes: [["a", 1], ["b"]])', ['a'], ['Query.a']],
    ['no text at all', '@requiresScopes(scopes: 7)', ['7'], ['Query.a']],
  ])('reads %s', (_case, directive, scopes, expected) => {
    const sdl = `schema @link(url: "https://specs.apollo.dev/requiresScopes/v0.1") { query: Query } type Query { a: String ${directive} }`;
    expect(unmet(readCoordinateRules(supergraph(sdl)), scopes)).toEqual(expected);
  });

  test('an interface that asks for what follows from its implementers asks nothing more of them', () => {
    const guarded = readCoordinateRules(
      supergraph(`
        schema ${LINKS} { query: Query }
        type Query { node: Node signedIn: String @authenticated judged: String @policy(policies: [["p"]]) }
        interface Node @requiresScopes(scopes: [["a"], ["b"]]) { id: ID }
        type A implements Node @requiresScopes(scopes: [["a", "x"]]) { id: ID }
        type B implements Node @requiresScopes(scopes: [["b"], ["a"]]) { id: ID }
      `),
    );
    expect(unmet(guarded, ['b'])).not.toContain('B.id');
    expect(unmet(guarded, ['a', 'x'])).toEqual(['Query.judged']);
  });

  test('where alternatives are too many to look through, what an interface asks is asked', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => `["a", "n${index}"]`).join(', ');
    const of = (counts: readonly number[]) =>
      readCoordinateRules(
        supergraph(`
          schema ${LINKS} { query: Query }
          type Query { node: Node signedIn: String @authenticated judged: String @policy(policies: [["p"]]) }
          interface Node @requiresScopes(scopes: [["a"]]) { id: ID }
          type A implements Node ${counts.map((count) => `@requiresScopes(scopes: [${many(count)}])`).join(' ')} { id: ID }
          type B implements Node { id: ID }
        `),
      );
    // Each way to meet A's rules holds "a" already; with 1,000 of them that is seen, with more it is not.
    expect(unmet(of([1_000]), [])).not.toContain('B.id');
    expect(unmet(of([1_001]), [])).toContain('B.id');
    expect(unmet(of([40, 40]), [])).toContain('B.id');
  });

  test.each([
    ['under a link of another name', `schema ${LINKS.replaceAll('@link', '@lnk')} { query: Query }`],
    ['by the older @core', `schema @core(feature: "https://specs.apollo.dev/policy/v0.1") { query: Query }`],
    ['of which one guards nothing', `schema ${LINKS} { query: Query }`],
  ])('rules that are linked and not found are an error: %s', (_case, schema) => {
    const sdl = `${schema} type Query { a: String @authenticated b: String @requiresScopes(scopes: [["a"]]) }`;
    expect(() => readCoordinateRules(supergraph(sdl))).toThrow(RulesNotFoundError);
  });

  test('the contract: the log is for auditors, reasons for reviewers, accreditation for its officers', () => {
    const contract = compose(
      CONTRACT_SUBGRAPHS.map((name) => ({ name, sdl: readContract(name) + readDirectives() })),
    );
    const practitioner = unmet(contract, []);
    expect(practitioner).toEqual(
      expect.arrayContaining([
        'Query.accessEvents',
        'Query.accessStatement',
        'AccessEvent.outcome',
        'SubjectAccess.released',
        'Query.practitioner',
        'Mutation.grantAccess',
        'Mutation.shieldChild',
      ]),
    );
    expect(
      practitioner.filter((coordinate) => /^(Child|Query\.child|Practitioner)/.test(coordinate)),
    ).toEqual([]);

    expect(unmet(contract, ['audit:statement'])).not.toContain('AccessEvent.outcome');
    expect(unmet(contract, ['audit:statement'])).toContain('AccessEvent.reason');
    expect(unmet(contract, ['audit:read', 'audit:review'])).not.toContain('AccessEvent.reason');
    expect(unmet(contract, ['audit:review'])).toContain('AccessEvent.reason');
    expect(unmet(contract, ['directory:shield'])).not.toContain('Mutation.shieldChild');
  });
});

function unmet(of: ReturnType<typeof readCoordinateRules>, scopes: string[]): string[] {
  return [...unmetCoordinates(of, { authenticated: true, scopes, policies: new Set() }).keys()].sort();
}

function compose(subgraphs: { name: string; sdl: string }[]) {
  const { supergraphSdl, errors } = composeServices(
    subgraphs.map(({ name, sdl }) => ({ name, url: `http://${name}.test`, typeDefs: parse(sdl) })),
  );
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? []);
  return readCoordinateRules(supergraph(supergraphSdl));
}

function supergraph(sdl: string) {
  return buildSchema(sdl, { assumeValid: true, assumeValidSDL: true });
}
