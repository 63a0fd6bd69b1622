import { parse } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ReachedSubject, ReleaseGate } from './hooks.ts';
import { type HooksInTest, hooks, RELEASE, SILENT, WITHHELD } from './testing/hooks.ts';
import { type Market, openMarket, places } from './testing/market-executor.ts';
import { answerJson } from './testing/stub-subgraph.ts';

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(() => market.close());
beforeEach(() => {
  for (const subgraph of Object.values(market.subgraphs)) subgraph.answerWith(undefined);
});

const ask = (query: string, deviations: HooksInTest, variables = {}) =>
  market.ask(query, { hooks: hooks(deviations), variables });

const onField =
  (verdict: typeof WITHHELD, coordinate: string, subject?: string): ReleaseGate['field'] =>
  (at, _field, asked) =>
    asked === coordinate && (subject === undefined || at === subject) ? verdict : RELEASE;

describe('a field', () => {
  test('withheld: null, and an error with response keys and list indexes', async () => {
    const query = '{ all: pupils { known: notes { t: text } } }';
    const result = await ask(query, { field: onField(WITHHELD, 'Note.text', 'k1') });
    expect(places(result.errors)).toEqual(
      [0, 4].flatMap((pupil) =>
        [0, 1].map((note) => `all.${pupil}.known.${note}.t UNAUTHORIZED_FIELD_OR_TYPE`),
      ),
    );
    expect(result.errors[0]).toEqual({
      message: 'Withheld',
      path: ['all', 0, 'known', 0, 't'],
      extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'PURPOSE' },
    });
    expect(result.data).toMatchObject({
      all: [{ known: [{ t: null }, { t: null }] }, { known: [{ t: 'note on k2' }, {}] }, null, {}, {}],
    });
  });

  test('silent: null and nothing else', async () => {
    const result = await ask('{ pupil(id: "k1") { name grade } }', { field: onField(SILENT, 'Pupil.grade') });
    expect(result).toEqual({ data: { pupil: { name: 'Kim', grade: null } }, errors: [] });
  });

  test('silent where null is not allowed: the parent is null, without an error', async () => {
    const result = await ask('{ product(id: "p1") { mandatory } }', {
      field: onField(SILENT, 'Product.mandatory'),
    });
    expect(result).toEqual({ data: { product: null }, errors: [] });
  });

  test('withheld where null is not allowed: one error, at the field', async () => {
    const result = await ask('{ products(first: 2) { id mandatory } }', {
      field: onField(WITHHELD, 'Product.mandatory'),
    });
    expect(result.data).toEqual({ products: [null, null] });
    expect(places(result.errors)).toEqual([
      'products.0.mandatory UNAUTHORIZED_FIELD_OR_TYPE',
      'products.1.mandatory UNAUTHORIZED_FIELD_OR_TYPE',
    ]);
  });

  test.each([
    ['withheld: the refusal alone', WITHHELD, ['pupil.grade UNAUTHORIZED_FIELD_OR_TYPE']],
    ['silent: the outage, as for anybody', SILENT, ['pupil.grade SUBGRAPH_UNAVAILABLE']],
    ['released: the outage', RELEASE, ['pupil.grade SUBGRAPH_UNAVAILABLE']],
  ])('of a subgraph that is down, %s', async (_case, verdict, expected) => {
    market.subgraphs.reviews.answerWith((_request, response) => answerJson(response, {}, 500));
    const result = await ask('{ pupil(id: "k1") { name grade } }', {
      field: onField(verdict, 'Pupil.grade'),
    });
    expect(result.data).toEqual({ pupil: { name: 'Kim', grade: null } });
    expect(places(result.errors)).toEqual(expected);
  });

  test('withheld hides the errors of a subgraph below it, silent too', async () => {
    market.subgraphs.reviews.answerWith((_request, response) =>
      answerJson(response, {
        data: { _entities: [{ __subject: 'k1', notes: [{ text: null, weight: 1 }] }] },
        errors: [{ message: 'x', path: ['_entities', 0, 'notes', 0, 'text'] }],
      }),
    );
    const query = '{ pupil(id: "k1") { notes { text weight } } }';
    expect(places((await ask(query, {})).errors)).toEqual(['pupil.notes.0.text SUBGRAPH_ERROR']);
    const silent = await ask(query, { field: onField(SILENT, 'Pupil.notes') });
    expect(silent).toEqual({ data: { pupil: { notes: null } }, errors: [] });
    const withheld = await ask(query, { field: onField(WITHHELD, 'Pupil.notes') });
    expect(places(withheld.errors)).toEqual(['pupil.notes UNAUTHORIZED_FIELD_OR_TYPE']);
  });

  test('the gate is told the nearest subject and the field of it that leads down', async () => {
    const asked = new Set<string>();
    await ask('{ me { name } pupil(id: "k1") { notes { text } friends { favourite { title } } } }', {
      field(subject, subjectField, coordinate) {
        asked.add(`${subject} ${subjectField} ${coordinate}`);
        return RELEASE;
      },
    });
    expect([...asked]).toEqual(
      expect.arrayContaining([
        'undefined undefined Query.me',
        'undefined undefined User.name',
        'undefined undefined Query.pupil',
        'k1 Pupil.notes Pupil.notes',
        'k1 Pupil.notes Note.text',
        'k1 Pupil.friends Pupil.friends',
        'k2 Pupil.favourite Pupil.favourite',
        'k2 Pupil.favourite Product.title',
      ]),
    );
  });
});

describe('a subject', () => {
  const denyK2 =
    (verdict: typeof WITHHELD): ReleaseGate['subject'] =>
    (id) =>
      id === 'k2' ? verdict : RELEASE;

  test('withheld in a list: its place is null and has the error', async () => {
    const result = await ask('{ pupils { name } }', { subject: denyK2(WITHHELD) });
    expect(result.data).toEqual({ pupils: [{ name: 'Kim' }, null, null, { name: null }, { name: 'Kim' }] });
    expect(places(result.errors)).toEqual(['pupils.1 UNAUTHORIZED_FIELD_OR_TYPE']);
  });

  test('silent in a list: its place is null', async () => {
    const result = await ask('{ pupils { name grade } }', { subject: denyK2(SILENT) });
    expect(result.data).toMatchObject({ pupils: [{}, null, null, {}, {}] });
    // The grade of k2 fails; of whom it is does not show.
    expect(result.errors).toEqual([]);
  });

  test('denied in a list that allows no null: the list is null', async () => {
    const withheld = await ask('{ strictPupils { name } me { name } }', { subject: denyK2(WITHHELD) });
    expect(withheld.data).toEqual({ strictPupils: null, me: { name: 'Ann' } });
    expect(places(withheld.errors)).toEqual(['strictPupils.1 UNAUTHORIZED_FIELD_OR_TYPE']);
    const silent = await ask('{ strictPupils { name } }', { subject: denyK2(SILENT) });
    expect(silent).toEqual({ data: { strictPupils: null }, errors: [] });
  });

  test('below another one is decided for itself, also behind a union', async () => {
    const denials: string[] = [];
    const subject: ReleaseGate['subject'] = (id, type, coordinate) => {
      denials.push(`${id} ${type} ${coordinate}`);
      return RELEASE;
    };
    await ask('{ pupil(id: "k1") { friends { name } } holders { __typename } }', { subject });
    expect(denials).toEqual([
      'k1 Pupil Query.pupil',
      'k2 Pupil Pupil.friends',
      'k3 Pupil Pupil.friends',
      'k1 Pupil Query.holders',
    ]);
  });

  test('of whom the data do not say who it is stays null', async () => {
    market.subgraphs.users.answerWith((_request, response) =>
      answerJson(response, { data: { pupil: { name: 'Kim' } } }),
    );
    const result = await ask('{ pupil(id: "k1") { name } }', {});
    expect(result.data).toEqual({ pupil: null });
    expect(places(result.errors)).toEqual(['pupil SUBGRAPH_ERROR']);
  });
});

describe('an absent subject at the root', () => {
  test('may look like a refused one', async () => {
    const query = '{ there: pupil(id: "k1") { name } not: pupil(id: "k0") { name } }';
    const result = await ask(query, {
      absentSubject: (coordinate) => (coordinate === 'Query.pupil' ? WITHHELD : RELEASE),
    });
    expect(result.data).toEqual({ there: { name: 'Kim' }, not: null });
    expect(places(result.errors)).toEqual(['not UNAUTHORIZED_FIELD_OR_TYPE']);
  });

  test('with an error of its own is not asked about', async () => {
    market.subgraphs.users.answerWith((_request, response) => answerJson(response, {}, 503));
    const result = await ask('{ pupil(id: "k1") { name } }', { absentSubject: () => WITHHELD });
    expect(places(result.errors)).toEqual(['pupil SUBGRAPH_UNAVAILABLE']);
  });

  test('is no matter of types that are no subjects', async () => {
    const result = await ask('{ product(id: "p0") { id } }', { absentSubject: () => WITHHELD });
    expect(result).toEqual({ data: { product: null }, errors: [] });
  });
});

describe('before release', () => {
  async function reachedBy(query: string, variables = {}): Promise<Record<string, string[]>> {
    let reached: readonly ReachedSubject[] | undefined;
    await ask(query, { reached: (subjects) => (reached = subjects) }, variables);
    const named = (reached ?? []).map(({ id, coordinates }) => {
      const lines = coordinates.map((it) =>
        [it.subjectField, ...(it.through ?? []), it.coordinate].join(' > '),
      );
      return [id, lines] as const;
    });
    return Object.fromEntries(named);
  }

  test('every subject is told with all that is selected of it, down to the next one', async () => {
    const query = '{ pupil(id: "k1") { notes { text } friends { grade } favourite { maker { name } } } }';
    const own = [
      'Pupil.notes > Pupil.notes',
      'Pupil.notes > Note.text',
      'Pupil.friends > Pupil.friends',
      'Pupil.favourite > Pupil.favourite',
      'Pupil.favourite > Product.maker',
      'Pupil.favourite > Product.maker > Maker.name',
    ];
    const grade = ['Pupil.grade > Pupil.grade'];
    expect(await reachedBy(query)).toEqual({ k1: own, k2: grade, k3: grade });
  });

  test('whether or not there is a value, but not what is skipped', async () => {
    const query = 'query($s: Boolean!) { pupil(id: "k3") { notes { text } grade @skip(if: $s) } }';
    const notes = ['Pupil.notes > Pupil.notes', 'Pupil.notes > Note.text'];
    expect(await reachedBy(query, { s: true })).toEqual({ k3: notes });
    expect(await reachedBy(query, { s: false })).toEqual({ k3: [...notes, 'Pupil.grade > Pupil.grade'] });
  });

  test('by the same list wherever it stands in the same place, request after request', async () => {
    const query = 'query($s: Boolean!) { pupil(id: "k1") { friends { name grade @skip(if: $s) } } }';
    const operation = market.executor.prepare({ document: parse(query), refused: new Set() });
    const listsFor = async (s: boolean) => {
      let reached: readonly ReachedSubject[] = [];
      const noted = hooks({ reached: (subjects) => (reached = subjects) });
      await market.executor.execute({ operation, variables: { s }, hooks: noted });
      return new Set(reached.map(({ coordinates }) => coordinates));
    };
    const [own, friends] = await listsFor(false);
    expect([...(await listsFor(false))]).toEqual([own, friends]);
    expect((await listsFor(false)).has(own ?? [])).toBe(true);
    const [, others] = await listsFor(true);
    expect(others).toEqual([{ subjectField: 'Pupil.name', coordinate: 'Pupil.name' }]);
  });

  test('only by the fragments that fit', async () => {
    const query = '{ holders { ... on User { name } ... on Pupil { grade } } }';
    expect(await reachedBy(query)).toEqual({ k1: ['Pupil.grade > Pupil.grade'] });
  });

  test('it is asked also when no subject is there', async () => {
    let called = 0;
    await ask('{ __typename }', { reached: () => (called += 1) });
    expect(called).toBe(1);
  });
});
