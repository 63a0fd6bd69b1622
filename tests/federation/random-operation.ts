import fc from 'fast-check';
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isObjectType,
} from 'graphql';

/** An operation and the variables that go with it: `$yes`, `$no` and `$n`. */
export interface RandomOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const VARIABLES = { yes: true, no: false, n: 1 };

/** Arguments by field; one of them is chosen. Equal ones get equal aliases, so that selections always merge. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  product: ['(id: "p1")', '(id: "p2")', '(id: "p3")', '(id: "p0")'],
  products: ['', '(first: 2)', '(first: $n)'],
  search: ['', '(text: "m")', '(text: "p")'],
  node: ['(id: "p2")', '(id: "m1")'],
  find: ['(filter: {})', '(filter: { ids: ["p3"], limit: 1 })'],
  user: ['(id: "u1")', '(id: "u9")'],
  pupil: ['(id: "k1")', '(id: "k2")', '(id: "k0")'],
  review: ['(id: "r1")', '(id: "r4")'],
  reviews: ['', '(first: $n)'],
  price: ['', '(currency: EUR)'],
};

const DIRECTIVES = [
  '',
  '',
  '',
  '',
  ' @skip(if: $yes)',
  ' @include(if: $yes)',
  ' @skip(if: $no)',
  ' @include(if: $no)',
];

/** Operations over all that a client may ask, at most `depth` objects deep. */
export function randomOperation(schema: GraphQLSchema, depth = 4): fc.Arbitrary<RandomOperation> {
  const query = schema.getQueryType();
  if (!query) throw new Error('The schema has no queries');
  return selectionSet(schema, query, depth).map((selections) => {
    const declared = Object.entries({ yes: 'Boolean!', no: 'Boolean!', n: 'Int' })
      .filter(([name]) => new RegExp(`\\$${name}\\b`).test(selections))
      .map(([name, type]) => `$${name}: ${type}`);
    const head = declared.length > 0 ? `query(${declared.join(', ')})` : 'query';
    return { query: `${head} ${selections}`, variables: VARIABLES };
  });
}

function selectionSet(schema: GraphQLSchema, type: GraphQLNamedType, depth: number): fc.Arbitrary<string> {
  return (
    fc
      .array(selection(schema, type, depth), { minLength: 1, maxLength: 4 })
      .map((selections) => selections.join(' '))
      // Of an object with conditional fields only stock says null; see the differences by design.
      .map((selections) => `{ ${selections.includes('@') ? '__typename ' : ''}${selections} }`)
  );
}

function selection(schema: GraphQLSchema, type: GraphQLNamedType, depth: number): fc.Arbitrary<string> {
  const choices: fc.Arbitrary<string>[] = [fc.constant('__typename')];
  if (isObjectType(type) || isInterfaceType(type)) {
    const fields = Object.values(type.getFields()).filter(
      // Stock counts wrongly in `mixed`; see the differences by design.
      (it) => it.name !== 'mixed' && (depth > 1 || isLeafType(getNamedType(it.type))),
    );
    if (fields.length > 0) {
      const one = fc.constantFrom(...fields).chain((it) => field(schema, type, it, depth));
      choices.push(one, one, one, one);
    }
  }
  if (depth > 1 && isAbstractType(type)) {
    choices.push(
      ...schema
        .getPossibleTypes(type)
        .map((each) =>
          selectionSet(schema, each, depth - 1).map((inside) => `... on ${each.name} ${inside}`),
        ),
    );
  }
  if (depth > 1 && isObjectType(type)) {
    choices.push(
      fc
        .tuple(fc.constantFrom(...DIRECTIVES), selectionSet(schema, type, depth - 1))
        .map(([directive, inside]) => `...${directive} ${inside}`),
    );
  }
  return fc.oneof(...choices);
}

function field(
  schema: GraphQLSchema,
  parent: GraphQLNamedType,
  { name, type, args }: GraphQLField<unknown, unknown>,
  depth: number,
): fc.Arbitrary<string> {
  const variants = args.length > 0 ? (ARGUMENTS[name] ?? ['']) : [''];
  const named = getNamedType(type);
  const below = isLeafType(named) ? fc.constant('') : selectionSet(schema, named, depth - 1);
  return fc
    .tuple(fc.nat(variants.length - 1), fc.constantFrom(...DIRECTIVES), below)
    .map(([variant, directive, inside]) => {
      // `bulk` has a type of its own in each pet.
      const alias = variant > 0 || name === 'bulk' ? `${name}${parent.name}${variant}: ` : '';
      return `${alias}${name}${variants[variant]}${directive} ${inside}`;
    });
}
