import fc from 'fast-check';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  print,
  specifiedRules,
  validate,
  visit,
} from 'graphql';
import type { Question } from './caller.ts';
import { CHILDREN } from './world.ts';

/** A number of the right form that nobody has. */
const NOBODY = 'Z'.repeat(16);

const VARIABLES = { yes: true, no: false, one: CHILDREN[1], some: [CHILDREN[0], CHILDREN[2]] };
const DECLARED = { yes: 'Boolean!', no: 'Boolean!', one: 'ID!', some: '[ID!]!' };

/** Arguments by field; one of them is chosen, and gives the field an alias of its own. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  child: [...CHILDREN.map((id) => `(id: "${id}")`), '(id: $one)', `(id: "${NOBODY}")`],
  children: ['(ids: $some)', `(ids: ["${CHILDREN.join('", "')}", "${NOBODY}", "${CHILDREN[0]}"])`],
  childByIdentifier: ['(system: "UPN", value: "1")', '(system: "UPN", value: "2")'],
  caseload: ['', '(first: 3)'],
  school: ['(urn: "900001")'],
  practice: ['(odsCode: "Z99001")'],
};

const DIRECTIVES = [
  ...Array<string>(12).fill(''),
  ' @skip(if: $no)',
  ' @include(if: $yes)',
  ' @skip(if: $yes)',
  ' @include(if: $no)',
];

/** Aliases that some code might take for something else than an alias. */
const CHOSEN_ALIAS =
  /\b(?:id|name|town|care|constructor|toString|hasOwnProperty|representations|a|b): (?=\w)/g;
const TREACHEROUS = [
  'id',
  'name',
  'town',
  'care',
  'constructor',
  'toString',
  'hasOwnProperty',
  'representations',
];

/** Valid operations of every shape over the bench's schema. */
export function randomQuestion(schema: GraphQLSchema, depth = 5): fc.Arbitrary<Question> {
  const query = schema.getQueryType();
  if (query == null) throw new Error('The schema has no queries');
  return fc
    .tuple(selectionSet(schema, query, depth), fc.boolean())
    .map(([chosen, named]) => {
      // Two fields under one alias make an operation invalid; so few would be left with many selections in them.
      const selections = isValid(schema, withVariables(chosen)) ? chosen : chosen.replace(CHOSEN_ALIAS, '');
      const text = withVariables(selections);
      const variables = Object.fromEntries(Object.entries(VARIABLES).filter(([name]) => uses(text, name)));
      return { query: named ? print(namedFragments(parse(text))) : text, variables };
    })
    .filter(({ query }) => isValid(schema, query));
}

/** Up to the first error: to find all of them, with their stacks, took two fifths of a case. */
function isValid(schema: GraphQLSchema, text: string): boolean {
  return validate(schema, parse(text), specifiedRules, { maxErrors: 1 }).length === 0;
}

function withVariables(selections: string): string {
  const declared = Object.entries(DECLARED).filter(([name]) => uses(selections, name));
  const head = declared.map(([name, type]) => `$${name}: ${type}`).join(', ');
  return `query Random${declared.length > 0 ? `(${head})` : ''} ${selections}`;
}

function uses(text: string, variable: string): boolean {
  return new RegExp(`\\$${variable}\\b`).test(text);
}

/** The same operation with every other inline fragment made a named one. */
function namedFragments(document: DocumentNode): DocumentNode {
  const fragments: FragmentDefinitionNode[] = [];
  const spread = visit(document, {
    InlineFragment: {
      leave(node) {
        const { typeCondition, selectionSet, directives = [] } = node;
        if (typeCondition === undefined) return undefined;
        const name = { kind: Kind.NAME, value: `F${fragments.length}` } as const;
        fragments.push({ kind: Kind.FRAGMENT_DEFINITION, name, typeCondition, selectionSet });
        return { kind: Kind.FRAGMENT_SPREAD, name, directives };
      },
    },
  });
  return { ...spread, definitions: [...spread.definitions, ...fragments] };
}

function selectionSet(schema: GraphQLSchema, type: GraphQLNamedType, depth: number): fc.Arbitrary<string> {
  return fc
    .array(selection(schema, type, depth), {
      minLength: depth > 2 ? 2 : 1,
      maxLength: depth > 3 ? 6 : 4,
      size: 'max',
    })
    .map((selections) => `{ ${selections.join(' ')} }`);
}

function selection(schema: GraphQLSchema, type: GraphQLNamedType, depth: number): fc.Arbitrary<string> {
  const choices: { weight: number; arbitrary: fc.Arbitrary<string> }[] = [
    { weight: 1, arbitrary: fc.constant('__typename') },
  ];
  if (isObjectType(type) || isInterfaceType(type)) {
    const fields = Object.values(type.getFields()).filter(
      (field) => depth > 1 || !isCompositeType(getNamedType(field.type)),
    );
    const doors = fields.filter(leadsToChild);
    if (fields.length > 0)
      choices.push({
        weight: 12,
        arbitrary: fc
          .constantFrom(...fields, ...doors, ...doors, ...doors)
          .chain((it) => field(schema, it, depth)),
      });
  }
  if (depth > 1) {
    const conditions = isAbstractType(type) ? schema.getPossibleTypes(type) : [type, ...interfacesOf(type)];
    const inside = fc
      .constantFrom(...conditions)
      .chain((each) => selectionSet(schema, each, depth - 1).map((set) => [each.name, set] as const));
    choices.push({
      weight: isAbstractType(type) ? 10 : 2,
      arbitrary: fc
        .tuple(inside, fc.constantFrom(...DIRECTIVES), fc.boolean())
        .map(([[name, set], directive, bare]) =>
          bare && name === type.name ? `...${directive} ${set}` : `... on ${name}${directive} ${set}`,
        ),
    });
  }
  return fc.oneof(...choices);
}

/** Drawn four times as often: the rest of the graph is small beside what hangs on a child. */
function leadsToChild({ type }: GraphQLField<unknown, unknown>): boolean {
  return ['Child', 'Found', 'Caseload', 'Entry', 'Person'].includes(getNamedType(type).name);
}

function interfacesOf(type: GraphQLNamedType): readonly GraphQLNamedType[] {
  return isObjectType(type) ? type.getInterfaces() : [];
}

function field(
  schema: GraphQLSchema,
  { name, type }: GraphQLField<unknown, unknown>,
  depth: number,
): fc.Arbitrary<string> {
  const variants = ARGUMENTS[name] ?? [''];
  const named = getNamedType(type);
  const below = isCompositeType(named) ? selectionSet(schema, named, depth - 1) : fc.constant('');
  return fc
    .tuple(
      fc.nat(variants.length - 1),
      fc.constantFrom(...DIRECTIVES),
      fc.option(fc.constantFrom(...TREACHEROUS, 'a', 'b'), { freq: 6, nil: undefined }),
      below,
    )
    .map(([variant, directive, alias, inside]) => {
      const key = alias ?? (variant > 0 ? `${name}${variant}` : undefined);
      return `${key === undefined ? '' : `${key}: `}${name}${variants[variant]}${directive} ${inside}`;
    });
}
