import type { GraphQLInterfaceType, GraphQLNamedType, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import { type DataRecord, own } from '../records/record.ts';

/** What a fetched object can be: of an interface that no type implements, an `@interfaceObject`'s, nothing more is known. */
export type ConcreteType = GraphQLObjectType | GraphQLInterfaceType;

/** Types that a value of `type` may have. */
export function possibleTypes(schema: GraphQLSchema, type: GraphQLNamedType): readonly ConcreteType[] {
  if (isObjectType(type)) return [type];
  if (!isAbstractType(type)) return [];
  const types = schema.getPossibleTypes(type);
  return types.length === 0 && isInterfaceType(type) ? [type] : types;
}

/** Whether an object of type `name` fits the type condition. */
export function satisfies(schema: GraphQLSchema, name: string, condition: string): boolean {
  if (name === condition) return true;
  const type = schema.getType(name);
  const abstract = schema.getType(condition);
  if (!isAbstractType(abstract)) return false;
  return (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(abstract, type);
}

/** Whether a fetched object is of one of the types; one that does not say which it is may be of any. */
export function isOfType(schema: GraphQLSchema, record: DataRecord, names: readonly string[]): boolean {
  const type = own(record, '__typename');
  return typeof type !== 'string' || names.some((name) => satisfies(schema, type, name));
}
