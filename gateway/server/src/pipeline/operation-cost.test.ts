import { buildSchema, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { contractSupergraph } from '../testing/contract-supergraph.ts';
import { OPERATION_LIMITS } from './limits.ts';
import { createOperationCost } from './operation-cost.ts';
import { createParser } from './parse.ts';

const schema = buildSchema(`
  type Query { one: Node, page(first: Int = 20): Page, direct(first: Int): [Node!]!, names: [String!], thing: Thing }
  type Page { nodes: [Node], cursor: String }
  interface Thing { all: [Node] }
  type Node implements Thing { id: ID, names: [String!], all: [Node], page(first: Int): Page }
`);
const costIn = createOperationCost(schema);

function costOf(query: string, variables: Readonly<Record<string, unknown>> = {}): number {
  const document = parse(query);
  const operation = document.definitions.find((each) => each.kind === 'OperationDefinition');
  if (operation?.kind !== 'OperationDefinition') throw new Error('no operation');
  return costIn({ document, operation, operationName: undefined, hash: '' }, variables);
}

describe('the cost of an operation', () => {
  test.each<[string, string, number]>([
    ['fields count one', '{ one { id } }', 2],
    ['lists of values as well', '{ names one { names } }', 3],
    ['below a list for each usual item', '{ one { all { id names } } }', 2 + 10 * 2],
    ['a list in a list multiplies', '{ one { all { all { id } } } }', 2 + 10 * (1 + 10)],
    ['by what is asked for', '{ direct(first: 3) { id } }', 1 + 3],
    ['of the lists in a page', '{ page(first: 7) { cursor nodes { id } } }', 3 + 7],
    ['by default where nothing is asked for', '{ page { nodes { id } } }', 2 + 20],
    ['only right below the page', '{ page(first: 2) { nodes { all { id } } } }', 2 + 2 * (1 + 10)],
    ['not less for a length that is none', '{ direct(first: -5) { id } other: direct(first: 0) { id } }', 22],
    [
      'through fragments',
      '{ ...A ... { one { ...B } } } fragment A on Query { names } fragment B on Node { all { id } }',
      3 + 10,
    ],
    ['through an interface', '{ thing { all { id } ... on Node { id } } }', 3 + 10],
    ['introspection as it is written', '{ __schema { types { name fields { name } } } }', 5],
  ])('%s', (_case, query, cost) => {
    expect(costOf(query)).toBe(cost);
  });

  test('depends on the variables', () => {
    const query = 'query ($n: Int) { direct(first: $n) { id } page(first: $n) { nodes { id } } }';
    expect(costOf(query, { n: 4 })).toBe(3 + 8);
    expect(costOf(query, { n: 40 })).toBe(3 + 80);
    expect(costOf(query)).toBe(3 + 10 + 20);
    expect(costOf(query, { n: null })).toBe(3 + 20);
  });
});

describe('the limit', () => {
  const { executor } = contractSupergraph();
  const parser = createParser(executor.schema);
  const cost = createOperationCost(executor.schema);
  const measure = (query: string, variables = {}) => cost(parser(query, undefined), variables);
  const child = `id givenNames familyName addresses { line1 town postcode } involvements { service practitionerName phone }
    enrolments { school { name } from } attendance { academicYear persistentlyAbsent } missedAppointments { on }
    socialCare { status childProtectionPlans { startedOn latestCategory } }`;

  test.each<[string, string]>([
    ['a joined view', `{ child(id: "x") { ${child} } }`],
    [
      'the joined views of a search',
      `{ findChildren(criteria: { familyName: "A", givenName: "B", dateOfBirth: "2012-01-01" })
      { candidates { score child { ${child} } } } }`,
    ],
    [
      'the largest page of a caseload',
      `{ myCaseload(first: 50) { children { ${child} } endCursor hasNextPage } }`,
    ],
  ])('is not met by %s', (_case, query) => {
    expect(measure(query)).toBeLessThan(OPERATION_LIMITS.cost / 1.5);
  });

  test('is met by twenty caseloads at once', () => {
    const many = Array.from(
      { length: 20 },
      (_, n) => `a${n}: myCaseload(first: $n) { children { ${child} } }`,
    );
    expect(measure(`query ($n: Int) { ${many.join(' ')} }`, { n: 50 })).toBeGreaterThan(
      OPERATION_LIMITS.cost,
    );
  });
});
