import { type ConstDirectiveNode, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { argument, authorizationNames, linkedNames, linkedRules } from './linked-directive.ts';

function schemaOf(directives: string): readonly ConstDirectiveNode[] {
  const [definition] = parse(`schema ${directives} { query: Query }`, { noLocation: true }).definitions;
  return definition !== undefined && 'directives' in definition
    ? ((definition.directives ?? []) as readonly ConstDirectiveNode[])
    : [];
}

const POLICY = 'https://specs.apollo.dev/policy';
const namesIn = (directives: string, version?: string) => [
  ...linkedNames(schemaOf(directives), POLICY, 'policy', version),
];

describe('linkedNames', () => {
  test.each([
    ['by its own name', '@link(url: "https://specs.apollo.dev/policy/v0.1")', ['policy']],
    ['with a slash at the end', '@link(url: "https://specs.apollo.dev/policy/v0.1/")', ['policy']],
    ['without a minor version', '@link(url: "https://specs.apollo.dev/policy/v1")', ['policy']],
    ['in a namespace', '@link(url: "https://specs.apollo.dev/policy/v0.1", as: "p")', ['p']],
    [
      'imported as it is',
      '@link(url: "https://specs.apollo.dev/policy/v0.1", as: "p", import: ["@policy"])',
      ['p', 'policy'],
    ],
    [
      'imported under another name',
      '@link(url: "https://specs.apollo.dev/policy/v0.1", import: [{ name: "@policy", as: "@rule" }])',
      ['policy', 'rule'],
    ],
    [
      'imported as an object without another name',
      '@link(url: "https://specs.apollo.dev/policy/v0.1", as: "p", import: [{ name: "@policy" }])',
      ['p', 'policy'],
    ],
    [
      'beside imports of something else',
      '@link(url: "https://specs.apollo.dev/policy/v0.1", import: ["@other", "policy", 7, { name: "@other", as: "@x" }, { as: "@y" }])',
      ['policy'],
    ],
    [
      'imported by no list',
      '@link(url: "https://specs.apollo.dev/policy/v0.1", import: "@policy")',
      ['policy'],
    ],
    [
      'twice',
      '@link(url: "https://specs.apollo.dev/policy/v0.1", as: "a") @link(url: "https://specs.apollo.dev/policy/v0.2", as: "b")',
      ['a', 'b'],
    ],
    ['not: another specification', '@link(url: "https://example.org/policy/v0.1")', []],
    ['not: a longer one', '@link(url: "https://specs.apollo.dev/policy/x/v0.1")', []],
    ['not: no version', '@link(url: "https://specs.apollo.dev/policy")', []],
    ['not: no URL', '@link(import: ["@policy"])', []],
    ['not: a URL that is no text', '@link(url: 7)', []],
    ['not: another directive', '@core(url: "https://specs.apollo.dev/policy/v0.1")', []],
    ['not: no directive', '', []],
  ])('%s', (_case, directives, names) => {
    expect(namesIn(directives)).toEqual(names);
  });

  test('of another name than the specification’s go by the namespace and two underscores', () => {
    const schema = schemaOf('@link(url: "https://specs.apollo.dev/federation/v2.9", as: "fed")');
    expect([...linkedNames(schema, 'https://specs.apollo.dev/federation', 'policy')]).toEqual([
      'fed__policy',
    ]);
  });

  test('of one major version, where one is asked for', () => {
    const link = '@link(url: "https://specs.apollo.dev/policy/v2.1")';
    expect(namesIn(link, 'v2')).toEqual(['policy']);
    expect(namesIn(link, 'v1')).toEqual([]);
  });
});

test('rules are known by their URL, under whatever directive it stands', () => {
  expect(
    linkedRules(
      schemaOf(`@strange(of: "https://specs.apollo.dev/policy/v0.1") @bare @odd(n: 1)
        @link(url: "https://specs.apollo.dev/authenticated/v0.1") @link(url: "https://example.org/requiresScopes/v1")`),
    ),
  ).toEqual(['authenticated', 'policy']);
  expect(linkedRules(schemaOf('@bare @odd(n: 1)'))).toEqual([]);
});

test('a rule goes by its own link’s name and by Federation’s', () => {
  const schema = schemaOf(`@link(url: "https://specs.apollo.dev/policy/v0.1", as: "p")
    @link(url: "https://specs.apollo.dev/federation/v2.9")`);
  expect([...authorizationNames(schema, 'policy')]).toEqual(['p', 'federation__policy']);
});

test('an argument is found by its name', () => {
  const [directive] = schemaOf('@any(a: 1, b: 2)');
  const value = (name: string) => directive && argument(directive, name);
  expect(value('b')).toMatchObject({ kind: 'IntValue', value: '2' });
  expect(value('c')).toBeUndefined();
});
