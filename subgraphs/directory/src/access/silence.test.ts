import { ask, type TestAnswer, type TestSubgraph } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askAs, type Caller, caller, startDirectory } from '../testing/directory.ts';
import { EMPTY, NOBODY, SHIELDED, SHIELDED_NHS, SHIELDED_UPN } from '../testing/identities.ts';

/** How much one statement asks the store for, whoever it is about. */
interface Asked {
  readonly statement: string;
  /** Lengths of the lists among its parameters. */
  readonly numbers: readonly number[];
}

let directory: TestSubgraph;
let asked: Asked[] = [];
beforeAll(async () => {
  directory = await startDirectory();
  const { options } = directory.store as unknown as {
    readonly options: { debug?: (connection: number, statement: string, parameters: unknown[]) => void };
  };
  options.debug = (_connection, statement, parameters) => {
    // The driver's own, once a connection.
    if (statement.includes('pg_catalog')) return;
    const numbers = parameters.filter(Array.isArray).map(({ length }) => length);
    asked.push({ statement: statement.replace(/\s+/g, ' ').trim(), numbers });
  };
});
afterAll(() => directory?.stop());

/** What the store was asked while a question was answered, in the order of the texts: what goes out at once may overtake. */
async function askedBy(question: () => Promise<TestAnswer>): Promise<readonly Asked[]> {
  asked = [];
  expect((await question()).errors).toBeUndefined();
  return asked.toSorted((one, other) => (one.statement < other.statement ? -1 : 1));
}

const VIEW = `id familyName formerNames nhsNumber upn localAuthority addresses { town } involvements { id }
  leadProfessional { id } ownInvolvements { id }`;
const gp = caller('general-practitioner', 'DC');
const screener = caller('mash-screener', 'S47');

describe('the store is asked the same', () => {
  test.each<[string, Caller]>([
    ['a general practitioner', gp],
    ['a safeguarding lead', caller('safeguarding-lead', 'ED')],
    ['a teacher', caller('teacher', 'ED')],
    ['a screener', screener],
  ])('for %s, about a shielded child and one who has nothing', async (_case, who) => {
    const fields = who.role === 'teacher' ? 'id familyName addresses { town } ownInvolvements { id }' : VIEW;
    const query = `query ($id: ID!) { child(id: $id) { ${fields} } again: child(id: $id) { addresses { town } } }`;
    const about = (id: string) => askedBy(() => askAs(directory, who, query, { id }));
    const shielded = await about(SHIELDED);
    expect(shielded).toEqual(await about(EMPTY));
    expect(shielded.some(({ statement }) => statement.includes('join address'))).toBe(true);
  });

  test.each<[string, string, string]>([
    ['NHS_NUMBER', SHIELDED_NHS, '9990000026'],
    ['LOCAL_AUTHORITY_CHILD_ID', 'c-200', 'c-nobody'],
  ])('by a %s that is hidden and one that nobody has', async (system, hidden, unknown) => {
    const query = `query ($system: IdentifierSystem!, $value: String!) {
      childByIdentifier(system: $system, value: $value) { id } }`;
    const about = (value: string) => askedBy(() => askAs(directory, screener, query, { system, value }));
    expect(await about(hidden)).toEqual(await about(unknown));
  });

  test('by a UPN likewise', async () => {
    const steward = caller('identity-steward', 'MATCH');
    const about = (value: string) =>
      askedBy(() =>
        askAs(directory, steward, `{ childByIdentifier(system: UPN, value: "${value}") { id } }`),
      );
    expect(await about(SHIELDED_UPN)).toEqual(await about('A000000000000'));
  });

  test('in a search by postcode, whether the candidate has the address or hides it', async () => {
    const search = (givenName: string, postcode: string) => ({
      criteria: { familyName: 'Garside', givenName, dateOfBirth: '2011-12-30', postcode },
    });
    const query = `query ($criteria: ChildSearch!) { findChildren(criteria: $criteria) { candidates { score } } }`;
    const about = (postcode: string) => askedBy(() => askAs(directory, gp, query, search('Isla', postcode)));
    const found = await about('ZZ9 1AA');
    expect(found.find(({ statement }) => statement.includes('join address'))?.numbers).toEqual([2]);
    expect(found).toEqual(await about('ZZ1 1ZZ'));
  });

  test('of a number that stands in for a shielded child, and of one who has nothing', async () => {
    const query = `query ($representations: [_Any!]!) {
      _entities(representations: $representations) { ... on Child { addresses { town } involvements { id } } } }`;
    const about = (id: string) =>
      askedBy(() =>
        ask(directory.app, {
          ...gp,
          sector: 'HEALTH',
          query,
          variables: { representations: [{ __typename: 'Child', id }] },
          children: { [id]: { LOCATION: 'FULL', INVOLVEMENT: 'FULL' } },
        }),
      );
    expect(await about(NOBODY)).toEqual(await about(EMPTY));
  });
});
