import { buildSchema, type ConstDirectiveNode, isObjectType, Kind, parse, print } from 'graphql';
import { describe, expect, test } from 'vitest';
import { compose } from './compose.ts';
import { composeWithHousing, contract, LINKS, refusals } from './testing/agency.ts';

describe('the contract', () => {
  const { supergraphSdl = '' } = compose(contract());

  test('composes', () => {
    expect(refusals(compose(contract()))).toEqual([]);
    expect(supergraphSdl).toContain(
      '@join__graph(name: "social-care", url: "http://127.0.0.1:4004/graphql")',
    );
  });

  test('composes to the same SDL every time, in whatever order the subgraphs come', () => {
    expect(compose(contract()).supergraphSdl).toBe(supergraphSdl);
    expect(compose(contract().toReversed()).supergraphSdl).toBe(supergraphSdl);
  });

  test('gives every field the class that its own subgraph states or defaults to, and no type one', () => {
    const supergraph = buildSchema(supergraphSdl, { assumeValidSDL: true });
    const stated = contract().flatMap(({ sdl }) => statedClasses(sdl));
    expect(stated.length).toBeGreaterThan(150);
    for (const [coordinate, sensitivity] of stated) {
      const [typeName = '', fieldName = ''] = coordinate.split('.');
      const type = supergraph.getType(typeName);
      if (!isObjectType(type)) throw new Error(`${typeName} is missing`);
      const directives = type.getFields()[fieldName]?.astNode?.directives;
      expect(`${coordinate} ${sensitivityIn(directives)}`).toBe(`${coordinate} ${sensitivity}`);
      expect(sensitivityIn(type.astNode?.directives)).toBeUndefined();
    }
  });

  test("keeps health's fields of a child SPECIAL beside the others' defaults", () => {
    expect(supergraphSdl).toMatch(/allergies: .*@sensitivity\(class: SPECIAL\)/);
    expect(supergraphSdl).toMatch(/givenNames: .*@sensitivity\(class: IDENTITY\)/);
    expect(supergraphSdl).toMatch(/pupilPremium: .*@sensitivity\(class: STATUS\)/);
  });

  test('keeps subjects and guards', () => {
    expect(supergraphSdl).toMatch(/type Child\n(\s+@join__type.*\n)+\s+@subject\n/);
    expect(supergraphSdl).toMatch(/accessEvents\(.*@requiresScopes\(scopes: \[\["audit:read"\]\]\)/);
  });
});

describe('a subgraph that cannot be read', () => {
  const housing = { name: 'housing', url: 'http://127.0.0.1:4099', sdl: `${LINKS} scalar Tenure` };

  test.each([
    ['without a name', { ...housing, name: '' }, 'SUBGRAPH_INVALID  null'],
    ['with a name that is none', { ...housing, name: 'Housing Ltd' }, 'SUBGRAPH_INVALID Housing Ltd null'],
    ['with the name of another', { ...housing, name: 'health' }, 'SUBGRAPH_INVALID health null'],
    ['without a URL', { ...housing, url: 'housing' }, 'SUBGRAPH_INVALID housing null'],
    ['at a file', { ...housing, url: 'file:///etc/passwd' }, 'SUBGRAPH_INVALID housing null'],
    ['with SDL that does not parse', { ...housing, sdl: 'type {' }, 'SDL_INVALID housing null'],
    ['with empty SDL', { ...housing, sdl: '' }, 'SDL_INVALID housing null'],
  ])('is refused %s', (_case, subgraph, refusal) => {
    expect(refusals(compose([...contract(), subgraph]))).toContain(refusal);
  });

  test('names line and column of what does not parse', () => {
    const [error] = compose([{ ...housing, sdl: 'type A {\n  b: }' }]).errors ?? [];
    expect(error?.message).toMatch(/^line 2, column 6: /);
  });

  test('composes once it can', () => {
    expect(refusals(compose([...contract(), housing]))).toEqual([]);
  });
});

describe('the specifications', () => {
  const federation = '@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
  const access =
    '@link(url: "https://contactpoint.example/access/v1.0", import: ["@sensitivity", "@subject"])';

  test.each([
    ['access is not linked', `extend schema ${federation}`, 'ACCESS_NOT_LINKED housing @link'],
    [
      'access is linked in another version',
      `extend schema ${federation} ${access.replace('v1.0', 'v2.0')}`,
      'ACCESS_NOT_LINKED housing @link',
    ],
    [
      'access is linked twice',
      `extend schema ${federation} ${access} ${access}`,
      'ACCESS_NOT_LINKED housing @link',
    ],
    ['it is written for Federation 1', `extend schema ${access}`, 'FEDERATION_NOT_LINKED housing @link'],
    [
      'federation is linked twice, once out of sight',
      `extend schema ${federation} ${access} @link(url: "https://specs.apollo.dev/federation/v2.9?", as: "f")`,
      'FEDERATION_NOT_LINKED housing @link',
    ],
    [
      'it defines @sensitivity otherwise',
      `extend schema ${federation} ${access} directive @sensitivity(class: String!, minimal: Boolean = true) on FIELD_DEFINITION`,
      'ACCESS_DEFINITION_DIFFERS housing @sensitivity',
    ],
    [
      'it adds a class',
      `${LINKS} extend enum SensitivityClass { PUBLIC }`,
      'ACCESS_DEFINITION_DIFFERS housing SensitivityClass',
    ],
    [
      'it has a @sensitivity beside the linked one',
      `extend schema ${federation} ${access.replace('"@sensitivity"', '{ name: "@sensitivity", as: "@harm" }')}
       directive @sensitivity(class: String) on FIELD_DEFINITION`,
      'ACCESS_DEFINITION_DIFFERS housing @sensitivity',
    ],
    [
      '@link itself has another name, which the composer does not know',
      `extend schema ${`@link(url: "https://specs.apollo.dev/link/v1.0", as: "l") ${federation} ${access}`.replaceAll('@link', '@l')}`,
      'COMPOSITION_FAILED null null',
    ],
  ])('a subgraph is refused when %s', (_case, links, refusal) => {
    expect(refusals(composeWithHousing('scalar Tenure', links))).toEqual([refusal]);
  });

  test.each([
    ["the contract's definitions beside it", `${LINKS} ${definitions()}`],
    ['neither definitions nor @composeDirective', `extend schema ${federation} ${access}`],
  ])('a subgraph composes with %s', (_case, links) => {
    const sdl = 'type Query { rents: Int @sensitivity(class: REFERENCE) }';
    const composed = composeWithHousing(sdl, links);
    expect(refusals(composed)).toEqual([]);
    expect(composed.supergraphSdl).toMatch(
      /rents: Int @join__field\(graph: HOUSING\) @sensitivity\(class: REFERENCE\)/,
    );
  });
});

test('everything is said at once, of every subgraph', () => {
  const health = contract().map((each) =>
    each.name === 'health'
      ? { ...each, sdl: each.sdl.replace('sdqScore: Int @sensitivity(class: SPECIAL)', 'sdqScore: Int! ') }
      : each,
  );
  const housing = {
    name: 'housing',
    url: 'http://127.0.0.1:4099',
    sdl: `${LINKS} type Query { rents: Int } type Flat { rent: Int }`,
  };
  expect(refusals(compose([...health, housing]))).toEqual([
    'FIELD_UNCLASSIFIED housing Flat.rent',
    'CLASSIFIED_FIELD_NOT_NULLABLE health Child.sdqScore',
    'ROOT_FIELD_UNGUARDED housing Query.rents',
  ]);
});

test('what the composer itself refuses comes with its code', () => {
  const { errors } = composeWithHousing('type Query { rents: Rent @sensitivity(class: REFERENCE) }');
  expect(errors).toEqual([
    expect.objectContaining({ code: 'COMPOSITION_FAILED', message: expect.stringContaining('Rent') }),
  ]);
});

/** Class of each field as one reads it from the SDL: its own `@sensitivity`, else its type's. */
function statedClasses(sdl: string): [coordinate: string, sensitivity: string][] {
  return parse(sdl)
    .definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION)
    .flatMap((type) =>
      (type.fields ?? []).flatMap((field): [string, string][] => {
        const sensitivity = sensitivityIn(field.directives) ?? sensitivityIn(type.directives);
        return sensitivity === undefined ? [] : [[`${type.name.value}.${field.name.value}`, sensitivity]];
      }),
    );
}

function sensitivityIn(directives: readonly ConstDirectiveNode[] = []): string | undefined {
  const found = directives.find(({ name }) => name.value === 'sensitivity');
  return found && print(found);
}

function definitions(): string {
  return `
    enum SensitivityClass { REFERENCE IDENTITY LOCATION INVOLVEMENT STATUS SPECIAL SEALED }
    directive @sensitivity(class: SensitivityClass!, minimal: Boolean = false) on OBJECT | FIELD_DEFINITION
    directive @subject on OBJECT`;
}
