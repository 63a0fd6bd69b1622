import { createHash } from 'node:crypto';
import { AccessError } from '@contactpoint/access/access-error';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { withFieldAccess } from './field-access-question.ts';
import { checkLimits, OPERATION_LIMITS } from './limits.ts';

/** An operation that is well-formed, valid and within the limits. */
export interface ParsedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | undefined;
  /** Hex SHA-256 of the document's text. */
  readonly hash: string;
}

/** The operation is not one; the errors are those of the specification, with their places in the caller's own text. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
  readonly errors: readonly GraphQLFormattedError[];

  constructor(errors: readonly GraphQLFormattedError[]) {
    super('The operation is not valid');
    this.errors = errors;
  }
}

export type Parser = (query: string, operationName: string | undefined) => ParsedOperation;

/**
 * Parse step. What was parsed, limited and validated once is kept by its text, refusals too: both depend on nothing else.
 *
 * @throws (the parser) OperationError GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, OPERATION_RESOLUTION_FAILURE;
 *   AccessError OPERATION_TOO_COMPLEX.
 */
export function createParser(served: GraphQLSchema): Parser {
  const schema = withFieldAccess(served);
  // By characters, not by entries: a parsed document is some forty times as large as its text.
  const known = new LRUCache<string, Outcome>({
    max: 2_000,
    maxSize: 2_000_000,
    sizeCalculation: (_outcome, query) => query.length + 1,
  });

  return (query, operationName) => {
    if (query.length > OPERATION_LIMITS.characters) throw tooComplex('characters');
    let outcome = known.get(query);
    if (outcome === undefined) {
      outcome = read(schema, query);
      known.set(query, outcome);
    }
    if ('refusal' in outcome) throw outcome.refusal;
    const operation = getOperationAST(outcome.document, operationName);
    if (operation == null) {
      const message =
        operationName === undefined ? 'Say which operation to run' : 'The document has no such operation';
      throw new OperationError([{ message, extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }]);
    }
    return {
      document: outcome.document,
      operation,
      operationName: operation.name?.value,
      hash: outcome.hash,
    };
  };
}

type Outcome = { readonly document: DocumentNode; readonly hash: string } | { readonly refusal: Error };

function read(schema: GraphQLSchema, query: string): Outcome {
  try {
    const document = parse(query, { maxTokens: OPERATION_LIMITS.tokens });
    refuseReservedAliases(document);
    refuseNul(document);
    refuseIncrementalDelivery(document);
    checkLimits(document);
    const errors = validate(schema, document, undefined, { maxErrors: 20, hideSuggestions: true });
    if (errors.length > 0) return { refusal: refusalOf(errors, 'GRAPHQL_VALIDATION_FAILED') };
    refuseMissingRoot(schema, document);
    return { document, hash: createHash('sha256').update(query).digest('hex') };
  } catch (cause) {
    if (cause instanceof AccessError || cause instanceof OperationError) return { refusal: cause };
    if (cause instanceof GraphQLError) {
      if (cause.message.startsWith(TOO_MANY_TOKENS)) return { refusal: tooComplex('tokens') };
      return { refusal: refusalOf([cause], 'GRAPHQL_PARSE_FAILED') };
    }
    // The parser descends; what nests deeper than the stack nests too deep.
    if (cause instanceof RangeError) return { refusal: tooComplex('depth') };
    throw cause;
  }
}

/** How graphql-js says so; a syntax error quotes the document, which may hold the same words anywhere behind. */
const TOO_MANY_TOKENS = 'Syntax Error: Document contains more that';

function tooComplex(limit: 'tokens' | 'depth' | 'characters'): AccessError {
  const most = OPERATION_LIMITS[limit];
  return new AccessError('OPERATION_TOO_COMPLEX', `The operation passes the limit of ${most} ${limit}`, {
    extensions: { limit },
  });
}

function refusalOf(errors: readonly GraphQLError[], code: string): OperationError {
  return new OperationError(
    errors.map(({ message, locations }) => ({
      message,
      ...(locations === undefined ? {} : { locations }),
      extensions: { code },
    })),
  );
}

/** graphql-js validates nothing below a root that the schema does not have: `subscription { anything }` is valid to it. */
function refuseMissingRoot(schema: GraphQLSchema, document: DocumentNode): void {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION || schema.getRootType(definition.operation) != null)
      continue;
    const message = `The schema has no ${definition.operation}`;
    throw new OperationError([{ message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  }
}

/** Answers come whole: one is sealed by its receipt, and what came after the receipt would be on no record. */
function refuseIncrementalDelivery(document: DocumentNode): void {
  visit(document, {
    Directive({ name }) {
      if (name.value !== 'defer' && name.value !== 'stream') return;
      const message = `@${name.value} is not supported: an answer comes whole`;
      throw new OperationError([{ message, extensions: { code: 'INCREMENTAL_DELIVERY_UNSUPPORTED' } }]);
    },
  });
}

/** A literal can escape what no store can keep; the lexer refuses everything else that is no text. */
function refuseNul(document: DocumentNode): void {
  visit(document, {
    StringValue({ value }) {
      if (!value.includes('\0')) return;
      const message = 'A literal holds characters that are no text';
      throw new OperationError([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
    },
  });
}

/** Names beginning with two underscores are the executor's own: a subject's `id` is always fetched under one. */
function refuseReservedAliases(document: DocumentNode): void {
  const look = (node: {
    readonly selectionSet?: { readonly selections: readonly object[] } | undefined;
  }): void => {
    for (const selection of (node.selectionSet?.selections ??
      []) as OperationDefinitionNode['selectionSet']['selections']) {
      if (selection.kind === Kind.FIELD && selection.alias?.value.startsWith('__')) {
        const message = 'An alias may not begin with two underscores';
        throw new OperationError([{ message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
      }
      if (selection.kind !== Kind.FRAGMENT_SPREAD) look(selection);
    }
  };
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION)
      look(definition);
  }
}
