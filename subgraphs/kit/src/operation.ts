import { type DocumentNode, GraphQLError, type GraphQLSchema, Kind, parse, validate } from 'graphql';
import { type RefusalCode, refusal, type WireError } from './wire-error.ts';

/** What a request's text turned out to be. */
export type ReadOperation =
  | { readonly kind: 'query' | 'mutation' | 'subscription' }
  | { readonly kind: 'refused'; readonly errors: readonly WireError[] };

/** Texts remembered; a gateway's plans use far fewer. */
const REMEMBERED = 500;

/** Characters of one text; entities are sent as variables, so that a long text is no plan. */
const LONGEST = 100_000;

/** Lexer tokens of one text. */
const MOST_TOKENS = 20_000;

/**
 * Reads texts of operations and remembers them.
 *
 * One text holds exactly one operation: a compiled text is kept by its text alone, so that with two in it the second
 * request would get the first one's operation; and the grant's digest covers no operation name.
 */
export function operationReader(schema: GraphQLSchema): (query: string) => ReadOperation {
  const remembered = new Map<string, ReadOperation>();
  return (query) => {
    const known = remembered.get(query);
    if (known !== undefined) return known;
    const read = readOperation(schema, query);
    if (query.length > LONGEST) return read;
    if (remembered.size >= REMEMBERED) remembered.delete(remembered.keys().next().value as string);
    remembered.set(query, read);
    return read;
  };
}

function readOperation(schema: GraphQLSchema, query: string): ReadOperation {
  if (query.length > LONGEST) return refused('BAD_USER_INPUT', 'The operation is too long');
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: MOST_TOKENS, noLocation: false });
  } catch (cause) {
    if (!(cause instanceof GraphQLError)) throw cause;
    return refused('GRAPHQL_PARSE_FAILED', 'The operation is not GraphQL');
  }
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || operations.length > 1)
    return refused('GRAPHQL_VALIDATION_FAILED', 'A request holds exactly one operation');
  if (operation.operation === 'subscription' && schema.getSubscriptionType() == null)
    return refused('GRAPHQL_VALIDATION_FAILED', 'Subscriptions are not served');

  const errors = validate(schema, document);
  if (errors.length > 0)
    return {
      kind: 'refused',
      errors: errors.slice(0, 20).map(({ message }) => refusal('GRAPHQL_VALIDATION_FAILED', message)),
    };
  return { kind: operation.operation };
}

function refused(code: RefusalCode, message: string): ReadOperation {
  return { kind: 'refused', errors: [refusal(code, message)] };
}
