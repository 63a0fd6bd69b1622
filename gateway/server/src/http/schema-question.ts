import { type DocumentNode, Kind, OperationTypeNode, parse } from 'graphql';
import { OPERATION_LIMITS } from '../pipeline/limits.ts';
import type { SubmittedOperation } from '../pipeline/request.ts';
import { readOperation } from './fastify-adapter.ts';

/**
 * The operation of a URL, where it may stand there: one that asks about the schema and about nothing else, so that no
 * variable of it is anything of a record. URLs are what every proxy on the way writes down.
 *
 * @param search As Fastify parses it.
 * @returns undefined for every other; GraphQL takes those by POST.
 */
export function schemaQuestion(search: unknown): SubmittedOperation | undefined {
  const { query, operationName, variables, extensions } = search as Readonly<Record<string, unknown>>;
  if (typeof query !== 'string' || !asksOfSchemaAlone(query)) return undefined;
  return readOperation({
    query,
    operationName,
    variables: fromJson(variables),
    extensions: fromJson(extensions),
  });
}

function asksOfSchemaAlone(query: string): boolean {
  const document = parsed(query);
  return (
    document?.definitions.every((definition) => {
      if (definition.kind !== Kind.OPERATION_DEFINITION) return true;
      const { selections } = definition.selectionSet;
      const isOfSchema = selections.every((it) => it.kind === Kind.FIELD && it.name.value.startsWith('__'));
      return definition.operation === OperationTypeNode.QUERY && isOfSchema;
    }) ?? false
  );
}

function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query, { maxTokens: OPERATION_LIMITS.tokens, noLocation: true });
  } catch {
    return undefined;
  }
}

/** What is no JSON stays the text it is, which no operation takes. */
function fromJson(value: unknown): unknown {
  if (typeof value !== 'string' || value === '') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
