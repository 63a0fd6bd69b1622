import { transformSupergraphToPublicSchema } from '@theguild/federation-composition';
import {
  buildASTSchema,
  type DefinitionNode,
  DirectiveLocation,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
} from 'graphql';

/**
 * What clients may ask of a supergraph: without `@inaccessible` elements, without federation's own, and without the
 * directives that subgraphs have written onto their schemas for gateways to read.
 */
export function apiDocumentOf(supergraph: DocumentNode): DocumentNode {
  const api = transformSupergraphToPublicSchema(supergraph);
  return { ...api, definitions: api.definitions.filter((it) => !isForSchemas(it)) };
}

/** @param api As `apiDocumentOf` gives it. */
export function apiSchemaOf(api: DocumentNode): GraphQLSchema {
  return buildASTSchema(api, { assumeValid: true, assumeValidSDL: true });
}

/** A directive that no operation can use. */
function isForSchemas(definition: DefinitionNode): boolean {
  if (definition.kind !== Kind.DIRECTIVE_DEFINITION) return false;
  return !definition.locations.some(({ value }) => EXECUTABLE.has(value));
}

/** @see https://spec.graphql.org/October2021/#ExecutableDirectiveLocation */
const EXECUTABLE: ReadonlySet<string> = new Set([
  DirectiveLocation.QUERY,
  DirectiveLocation.MUTATION,
  DirectiveLocation.SUBSCRIPTION,
  DirectiveLocation.FIELD,
  DirectiveLocation.FRAGMENT_DEFINITION,
  DirectiveLocation.FRAGMENT_SPREAD,
  DirectiveLocation.INLINE_FRAGMENT,
  DirectiveLocation.VARIABLE_DEFINITION,
]);
