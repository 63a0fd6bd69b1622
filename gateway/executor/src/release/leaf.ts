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
export type LeafCompletion = (value: unknown) => unknown;

export function leafCompletion(type: GraphQLLeafType): LeafCompletion {
  if (isEnumType(type)) {
    const values = new Set(type.getValues().map(({ name }) => name));
    return (value) => (typeof value === 'string' && values.has(value) ? value : undefined);
  }
  return SCALARS.get(type.name) ?? customScalar;
}

/** What no JSON can say is no value of anybody's scalar: a number without end, or what was nested too deep to be copied. */
function customScalar(value: unknown): unknown {
  const isNoJson = typeof value === 'symbol' || (typeof value === 'number' && !Number.isFinite(value));
  return isNoJson ? undefined : value;
}

const SCALARS: ReadonlyMap<string, LeafCompletion> = new Map<string, LeafCompletion>([
  [GraphQLInt.name, (value) => (isInt(value) ? value : undefined)],
  [GraphQLFloat.name, (value) => (Number.isFinite(value) ? value : undefined)],
  [GraphQLString.name, (value) => (typeof value === 'string' ? value : undefined)],
  [GraphQLBoolean.name, (value) => (typeof value === 'boolean' ? value : undefined)],
  [
    GraphQLID.name,
    (value) => {
      if (typeof value === 'string') return value;
      // Beyond that several numbers are read as one: it would be somebody else's key.
      return Number.isSafeInteger(value) ? String(value) : undefined;
    },
  ],
]);

function isInt(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= MIN_INT && Number(value) <= MAX_INT;
}
