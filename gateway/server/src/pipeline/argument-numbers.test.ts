import { buildSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { contractSupergraph } from '../testing/contract-supergraph.ts';
import { JOINED } from '../testing/personas.ts';
import { numbersIn } from './argument-numbers.ts';
import { createParser } from './parse.ts';
import { namedSubjects } from './subject-access.ts';

describe('a number that somebody typed', () => {
  const supergraph = contractSupergraph();
  const parser = createParser(supergraph.executor.schema);

  test.each([
    ['in lower case', JOINED.toLowerCase()],
    ['in groups', `${JOINED.slice(0, 4)}-${JOINED.slice(4, 8)} ${JOINED.slice(8)}`],
    ['with blanks around it', `  ${JOINED}\t`],
  ])('%s names the child whom the directory finds by it', (_case, value) => {
    const parsed = parser(
      'query ($value: String!) { childByIdentifier(system: CONTACTPOINT, value: $value) { id } }',
      undefined,
    );
    const named = namedSubjects(supergraph, parsed, { selected: [] }, { value });
    expect(named.map(({ id }) => id)).toEqual([JOINED]);
  });
});

describe('numbersIn', () => {
  const schema = buildSchema(`
    enum Kind { A }
    input Hold { childId: ID! note: String of: [Hold!] kind: Kind }
    type Query { hold(hold: [Hold!]!): Int }
  `);
  const [argument] = schema.getQueryType()?.getFields()['hold']?.args ?? [];
  if (argument === undefined) throw new Error('There is no such argument');

  test('takes what is named as a child’s, at any depth', () => {
    const value = [{ childId: JOINED, note: JOINED, kind: JOINED, of: [{ childId: JOINED.toLowerCase() }] }];
    expect(numbersIn(argument, value, (name) => name === 'childId')).toEqual([JOINED, JOINED]);
    expect(numbersIn(argument, value, () => false)).toEqual([]);
    expect(numbersIn(argument, [{ childId: 'nobody' }, {}, null], () => true)).toEqual([]);
  });
});
