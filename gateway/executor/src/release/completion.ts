import {
  type GraphQLOutputType,
  type GraphQLSchema,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { type DataRecord, own } from '../records/record.ts';
import { type ConcreteType, possibleTypes } from '../selections/type-condition.ts';
import { type LeafCompletion, leafCompletion } from './leaf.ts';

/**
 * How values of a type are completed, looked up once for each field of an operation. graphql-js finds out what a type is by
 * asking for its class anew, for each value: docs/adr/0056 has the figure.
 */
export type Completion =
  | { readonly kind: 'NON_NULL'; readonly of: Completion }
  | { readonly kind: 'LIST'; readonly of: Completion }
  | { readonly kind: 'LEAF'; readonly complete: LeafCompletion }
  | CompositeCompletion;

export interface CompositeCompletion {
  readonly kind: 'COMPOSITE';
  /** Types that an object may have there, by name; clients may know them all. */
  readonly possible: ReadonlyMap<string, ConcreteType>;
  /** The only one, where nothing else is possible and the data need not name it. */
  readonly only: ConcreteType | undefined;
}

/** @param schema API schema. */
export function completionOf(schema: GraphQLSchema, type: GraphQLOutputType): Completion {
  if (isNonNullType(type)) return { kind: 'NON_NULL', of: completionOf(schema, type.ofType) };
  if (isListType(type)) return { kind: 'LIST', of: completionOf(schema, type.ofType) };
  if (isLeafType(type)) return { kind: 'LEAF', complete: leafCompletion(type) };
  if (!isCompositeType(type)) throw new TypeError(`No value has the type ${String(type)}`);
  const types = possibleTypes(schema, type);
  const [only] = types;
  return {
    kind: 'COMPOSITE',
    possible: new Map(types.map((it) => [it.name, it])),
    only: only === type ? only : undefined,
  };
}

/** What the lists and non-nulls of a type are made of; undefined for a leaf. */
export function compositeIn(completion: Completion): CompositeCompletion | undefined {
  switch (completion.kind) {
    case 'NON_NULL':
    case 'LIST':
      return compositeIn(completion.of);
    case 'LEAF':
      return undefined;
    case 'COMPOSITE':
      return completion;
  }
}

/**
 * The type of a fetched object.
 *
 * @returns undefined when the data name no type, one that does not belong there, or one that clients may not know.
 */
export function runtimeType(
  { possible, only }: CompositeCompletion,
  record: DataRecord,
): ConcreteType | undefined {
  const name = own(record, '__typename');
  if (name === undefined) return only;
  return typeof name === 'string' ? possible.get(name) : undefined;
}
