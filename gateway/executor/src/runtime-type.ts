import type { GraphQLCompositeType, GraphQLSchema } from 'graphql';
import { isAbstractType } from 'graphql';
import { type DataRecord, own } from './record.ts';
import { type ConcreteType, possibleTypes } from './type-condition.ts';

/**
 * The type of a fetched object.
 *
 * @param declared Type of the field, without list and non-null.
 * @returns undefined when the data name no type, one that does not belong there, or one that clients may not know.
 */
export function runtimeType(
  schema: GraphQLSchema,
  declared: GraphQLCompositeType,
  record: DataRecord,
): ConcreteType | undefined {
  const name = own(record, '__typename');
  const possible = possibleTypes(schema, declared);
  const [only] = possible;
  const isKnown = !isAbstractType(declared) || only === declared;
  if (isKnown && name === undefined) return only;
  return possible.find((type) => type.name === name);
}
