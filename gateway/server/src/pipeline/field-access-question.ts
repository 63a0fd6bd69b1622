import { isPurposeOfUse, type PurposeOfUse } from '@contactpoint/access/purpose';
import { buildASTSchema, extendSchema, GraphQLObjectType, GraphQLSchema, parse } from 'graphql';
import type { FieldAccess } from './field-access.ts';

/**
 * Root field beside `__schema` and `__type`, which are not listed among a schema's fields either. Null for a purpose that
 * is none.
 */
export const FIELD_ACCESS = '__fieldAccess';

const TYPES = `
  "What a field is, and whether the caller could read it for one purpose."
  type __FieldAccess {
    coordinate: String!
    sensitivity: String!
    minimal: Boolean!
    agencies: [String!]!
    readings: [__FieldReading!]!
  }
  type __FieldReading {
    sector: String!
    "FULL, MINIMAL, BREAK_GLASS or NONE."
    reading: String!
    "RELATIONSHIP, ALLOCATION, OWN_RECORD: the least that has to hold of a child."
    needs: [String!]!
    "Purposes that open it to the caller at best, without break-glass."
    purposes: [String!]!
  }`;
const FIELD = `${FIELD_ACCESS}(purpose: String!): [__FieldAccess!]`;

/** The schema by which operations are validated: with the question that no introspection lists. */
export function withFieldAccess(schema: GraphQLSchema): GraphQLSchema {
  const query = schema.getQueryType()?.name;
  if (query === undefined) return schema;
  const extension = parse(`extend type ${query} { ${FIELD} } ${TYPES}`);
  return extendSchema(schema, extension, { assumeValid: true, assumeValidSDL: true });
}

const QUESTION = buildASTSchema(parse(`type Query { ${FIELD} } ${TYPES}`), {
  assumeValid: true,
  assumeValidSDL: true,
});

/** A schema that answers the question and no other. */
export function fieldAccessSchema(
  accessFor: (purpose: PurposeOfUse) => readonly FieldAccess[],
): GraphQLSchema {
  const { fields, ...config } = (QUESTION.getQueryType() as GraphQLObjectType).toConfig();
  const field = fields[FIELD_ACCESS] as (typeof fields)[string];
  const resolve = (_source: unknown, { purpose }: { readonly purpose: string }) =>
    isPurposeOfUse(purpose) ? accessFor(purpose) : null;
  return new GraphQLSchema({
    query: new GraphQLObjectType({ ...config, fields: { [FIELD_ACCESS]: { ...field, resolve } } }),
    assumeValid: true,
  });
}
