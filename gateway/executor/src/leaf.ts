import type { GraphQLLeafType } from 'graphql';
import { GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLString, isEnumType } from 'graphql';

const MAX_INT = 2 ** 31 - 1;
const MIN_INT = -(2 ** 31);

/**
 * A leaf as the response shows it. Checked, because a subgraph may answer what its schema forbids, or an enum value that
 * clients may not know. Custom scalars are their subgraphs' business.
 *
 * @returns undefined when the value does not fit the type.
 */
export function completeLeaf(type: GraphQLLeafType, value: unknown): unknown {
  if (isEnumType(type)) {
    return typeof value === 'string' && type.getValue(value) !== undefined ? value : undefined;
  }
  switch (type.name) {
    case GraphQLInt.name:
      return Number.isInteger(value) && Number(value) >= MIN_INT && Number(value) <= MAX_INT
        ? value
        : undefined;
    case GraphQLFloat.name:
      return Number.isFinite(value) ? value : undefined;
    case GraphQLString.name:
      return typeof value === 'string' ? value : undefined;
    case GraphQLBoolean.name:
      return typeof value === 'boolean' ? value : undefined;
    case GraphQLID.name:
      if (Number.isInteger(value)) return String(value);
      return typeof value === 'string' ? value : undefined;
    default:
      return value;
  }
}
