import type { FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';
import { getOperationAST, Kind, OperationTypeNode, visit } from 'graphql';
import type { PrepareInput } from './execution.ts';
import { planSteps, subgraphsOf } from './fetch-step.ts';
import { createOperationFields, type FieldsOf } from './operation-fields.ts';
import type { Planner } from './plan.ts';
import { PlanError } from './plan-error.ts';
import type { PlanStep } from './plan-step.ts';
import { plannedOperation } from './planned-operation.ts';
import type { PlannedKey } from './response-key.ts';

/** What `PreparedOperation.plan` is: the client's operation, by which the response is shaped, and how to fetch for it. */
export interface OperationPlan {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly fieldsOf: FieldsOf;
  readonly refused: ReadonlySet<string>;
  readonly step: PlanStep | undefined;
  readonly subgraphs: readonly string[];
}

export interface Preparation {
  readonly planner: Planner;
  readonly subjectTypes: ReadonlySet<string>;
  readonly plannedKey: PlannedKey;
}

/** @throws PlanError */
export function prepareOperation(preparation: Preparation, input: PrepareInput): OperationPlan {
  const { planner, subjectTypes, plannedKey } = preparation;
  const operation = getOperationAST(input.document, input.operationName);
  if (!operation) throw new PlanError('UNKNOWN_OPERATION', 'The document has no such operation');
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
    throw new PlanError('UNSUPPORTED', 'Subscriptions are not supported');
  }
  refuseReservedNames(input);
  const rootType = planner.apiSchema.getRootType(operation.operation);
  if (!rootType) throw new PlanError('UNSUPPORTED', `The schema has no ${operation.operation}`);

  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of input.document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const { refused } = input;
  const schema = planner.apiSchema;
  const document = plannedOperation({ schema, operation, fragments, refused, subjectTypes, plannedKey });
  const node = document && planner.plan(document);
  const step = node && planSteps({ schema: planner.supergraphSchema, subjectTypes }, node);
  const fieldsOf = createOperationFields({
    schema,
    rootType,
    fragments,
    plannedKey,
    operation,
    subjectTypes,
  });
  return { operation, fragments, fieldsOf, refused, step, subgraphs: step ? subgraphsOf(step) : [] };
}

/** `__` belongs to GraphQL and to the executor, `$representations` to federation. */
function refuseReservedNames({ document }: PrepareInput): void {
  visit(document, {
    Field({ alias }) {
      if (alias?.value.startsWith('__')) refuse(`alias ${alias.value}`);
    },
    VariableDefinition({ variable }) {
      const { value } = variable.name;
      if (value.startsWith('__') || value === 'representations') refuse(`variable $${value}`);
    },
  });
}

function refuse(what: string): never {
  throw new PlanError('RESERVED_NAME', `The ${what} is reserved`);
}
