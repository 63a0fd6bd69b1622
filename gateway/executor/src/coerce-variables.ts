import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { getVariableValues, Kind, print } from 'graphql';

/** Thrown when variables do not fit the operation. Says which and what was expected, never what was given. */
export class VariablesError extends Error {
  override readonly name = 'VariablesError';
  /** Names of the variables at fault, without `$`. */
  readonly variables: readonly string[];

  constructor(variables: readonly string[], message: string) {
    super(message);
    this.variables = variables;
  }
}

/**
 * @returns Values with defaults, absent where there is neither value nor default.
 * @throws VariablesError
 */
export function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const definitions = operation.variableDefinitions ?? [];
  const { coerced, errors } = getVariableValues(schema, definitions, given, { maxErrors: 20 });
  if (coerced !== undefined) return coerced;

  // graphql-js writes the values into its messages; only the definition that an error points at is used.
  const faulty = new Map<string, string>();
  for (const error of errors) {
    const definition = error.nodes?.find((node) => node.kind === Kind.VARIABLE_DEFINITION);
    if (definition) faulty.set(definition.variable.name.value, print(definition.type));
  }
  const sentences = [...faulty].map(([name, type]) => `Variable "$${name}" must be of type ${type}.`);
  throw new VariablesError(
    [...faulty.keys()],
    sentences.join(' ') || 'The variables do not fit the operation.',
  );
}
