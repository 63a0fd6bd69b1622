import type { GraphQLCompositeType, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { isAbstractType, isObjectType } from 'graphql';
import { type DataRecord, own } from './record.ts';

/**
 * The object type of fetched data.
 *
 * @param declared Type of the field, without list and non-null.
 * @returns undefined when the data name no type, one that does not belong there, or one that clients may not know.
 */
export function runtimeType(
  schema: GraphQLSchema,
  declared: GraphQLCompositeType,
  record: DataRecord,
): GraphQLObjectType | undefined {
  const name = own(record, '__typename');
  if (!isAbstractType(declared)) return name === undefined || name === declared.name ? declared : undefined;
  const type = typeof name === 'string' ? schema.getType(name) : undefined;
  return isObjectType(type) && schema.isSubType(declared, type) ? type : undefined;
}
