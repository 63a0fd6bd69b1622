import { type GraphQLSchema, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';

const known = new WeakMap<GraphQLSchema, ReadonlySet<string>>();

/** Names of all arguments, and of the fields of input objects, that the schema has. */
export function argumentNames(schema: GraphQLSchema): ReadonlySet<string> {
  let names = known.get(schema);
  if (names === undefined) {
    names = new Set(namesIn(schema));
    known.set(schema, names);
  }
  return names;
}

function* namesIn(schema: GraphQLSchema): Iterable<string> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type)) yield* Object.keys(type.getFields());
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) yield* field.args.map(({ name }) => name);
  }
}
