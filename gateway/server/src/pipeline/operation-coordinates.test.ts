import { buildSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { selectedCoordinates, subjectCoordinatesBelow } from './operation-coordinates.ts';
import { createParser } from './parse.ts';

const schema = buildSchema(`
  type Query { child: Child page: ChildPage contact: Contact anyone: Anyone }
  type ChildPage { children: [Child!] hasNextPage: Boolean }
  type Child { id: ID! familyName: String contact: Contact siblings: [Child!] plan: Plan }
  type Plan { startedOn: String author: Worker review: Review child: Child }
  type Review { on: String }
  interface Contact { name: String office: Office }
  type Worker implements Contact { name: String office: Office grade: String }
  type Office implements Contact { name: String office: Office town: String }
  union Anyone = Worker | Office
`);
const parser = createParser(schema);
const select = (query: string) => selectedCoordinates(schema, parser(query, undefined), new Set(['Child']));
const coordinatesOf = (query: string) => select(query).map(({ coordinate }) => coordinate);

describe('selectedCoordinates', () => {
  test('tells of each field where it stands, and of whom', () => {
    expect(select('{ page { kids: children { familyName plan { review { on } } } } }')).toEqual([
      { coordinate: 'Query.page', subjectField: undefined, through: [], rootKey: 'page', path: ['page'] },
      {
        ...{ coordinate: 'ChildPage.children', subjectField: undefined, through: ['Query.page'] },
        ...{ rootKey: 'page', path: ['page', 'kids'] },
      },
      {
        ...{ coordinate: 'Child.familyName', subjectField: 'Child.familyName', through: [] },
        ...{ rootKey: 'page', path: ['page', 'kids', 'familyName'] },
      },
      {
        ...{ coordinate: 'Child.plan', subjectField: 'Child.plan', through: [] },
        ...{ rootKey: 'page', path: ['page', 'kids', 'plan'] },
      },
      {
        ...{ coordinate: 'Plan.review', subjectField: 'Child.plan', through: [] },
        ...{ rootKey: 'page', path: ['page', 'kids', 'plan', 'review'] },
      },
      {
        ...{ coordinate: 'Review.on', subjectField: 'Child.plan', through: ['Plan.review'] },
        ...{ rootKey: 'page', path: ['page', 'kids', 'plan', 'review', 'on'] },
      },
    ]);
  });

  test('a child below a child starts anew', () => {
    const below = select('{ child { plan { child { siblings { id } } } } }');
    expect(below.slice(2).map(({ coordinate, ...of }) => [coordinate, of.subjectField, of.through])).toEqual([
      ['Plan.child', 'Child.plan', []],
      ['Child.siblings', 'Child.siblings', []],
      ['Child.id', 'Child.id', []],
    ]);
  });

  test('a field of an interface stands for that of each implementer, and for itself where rules may speak of it', () => {
    const selected = select('{ contact { name } }').filter(({ path }) => path.length === 2);
    expect(selected.map(({ coordinate, ofInterface }) => [coordinate, ofInterface])).toEqual([
      ['Contact.name', true],
      ['Worker.name', undefined],
      ['Office.name', undefined],
    ]);
    const [itself] = select('{ child { contact { name } } }').filter(({ ofInterface }) => ofInterface);
    expect(itself).toEqual({
      ...{ coordinate: 'Contact.name', subjectField: undefined, through: [], ofInterface: true },
      ...{ rootKey: 'child', path: ['child', 'contact', 'name'] },
    });
  });

  test.each<[string, string, string[]]>([
    ['an implementer', '{ contact { ... on Worker { name } } }', ['Worker.name']],
    ['an implementer by name', '{ contact { ...W } } fragment W on Worker { name }', ['Worker.name']],
    ['a member of a union', '{ anyone { ... on Office { town name } } }', ['Office.town', 'Office.name']],
    [
      'an interface of the members',
      '{ anyone { ... on Contact { name } } }',
      ['Contact.name', 'Worker.name', 'Office.name'],
    ],
    ['nothing in particular', '{ child { ... @include(if: true) { id } } }', ['Child.id']],
    [
      'the same, within one another and among others',
      '{ contact { ...A } } fragment B on Office { town } fragment A on Contact { ... on Worker { grade } ...B }',
      ['Worker.grade', 'Office.town'],
    ],
  ])('a fragment stands for the fields of what it is on: %s', (_case, query, expected) => {
    expect(coordinatesOf(query).slice(1)).toEqual(expected);
  });

  test.each([
    ['an object', '{ child { __typename } }', ['Query.child']],
    ['an interface', '{ contact { __typename } }', ['Query.contact']],
    ['a union', '{ anyone { __typename } }', ['Query.anyone']],
    ['the root', '{ __typename __schema { types { name } } __type(name: "Child") { name } }', []],
  ])('what every type can be asked is a coordinate of none: %s', (_case, query, expected) => {
    expect(coordinatesOf(query)).toEqual(expected);
  });
});

describe('subjectCoordinatesBelow', () => {
  const selected = select(
    '{ child { id plan { review { on } } } other: child { familyName } page { hasNextPage } }',
  );

  test('holds what is selected of the child below one root field, and no other', () => {
    expect(subjectCoordinatesBelow(selected, 'child')).toEqual([
      { subjectField: 'Child.id', coordinate: 'Child.id' },
      { subjectField: 'Child.plan', coordinate: 'Child.plan' },
      { subjectField: 'Child.plan', coordinate: 'Plan.review' },
      { subjectField: 'Child.plan', through: ['Plan.review'], coordinate: 'Review.on' },
    ]);
    expect(subjectCoordinatesBelow(selected, 'other')).toEqual([
      { subjectField: 'Child.familyName', coordinate: 'Child.familyName' },
    ]);
    expect(subjectCoordinatesBelow(selected, 'page')).toEqual([]);
  });
});
