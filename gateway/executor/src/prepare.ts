import type { FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';
import { getOperationAST, Kind, OperationTypeNode, print, visit } from 'graphql';
import type { PrepareInput } from './execution.ts';
import type { Planner } from './plan.ts';
import { createOperationVariants, type VariantFor } from './planning/operation-variants.ts';
import { PlanError } from './planning/plan-error.ts';
import { type PlanLimits, PlanSize } from './planning/plan-size.ts';
import type { PlanStep } from './planning/plan-step.ts';
import { plannedOperation } from './planning/planned-operation.ts';
import { prepareSteps, subgraphsOf } from './planning/prepare-steps.ts';
import { splitSubscription } from './planning/split-subscription.ts';
import type { WithoutPlan } from './planning/without-plan.ts';
import { conditionsOf, mayBeIncluded, type SelectionTest } from './selections/conditions.ts';
import type { PlannedKey } from './selections/response-key.ts';

/** What `PreparedOperation.plan` is: the client's operation, by which the response is shaped, and how to fetch for it. */
export interface OperationPlan {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variantFor: VariantFor;
  /** Those that any variant may ask. */
  readonly subgraphs: readonly string[];
}

export interface Preparation {
  readonly planner: Planner;
  readonly subjectTypes: ReadonlySet<string>;
  readonly plannedKey: PlannedKey;
  readonly planLimits: PlanLimits;
  readonly withoutPlan: WithoutPlan;
}

/** @throws PlanError */
export function prepareOperation(preparation: Preparation, input: PrepareInput): OperationPlan {
  const { planner, subjectTypes, plannedKey, planLimits, withoutPlan } = preparation;
  const operation = getOperationAST(input.document, input.operationName);
  if (!operation) throw new PlanError('UNKNOWN_OPERATION', 'The document has no such operation');
  refuseReservedNames(input);
  refuseIncrementalDelivery(input);

  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of input.document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const { refused } = input;
  const { apiSchema: schema, supergraphSchema, interfaceObjects } = planner;
  const shared = { schema, operation, fragments, refused, subjectTypes, plannedKey };
  const plan = (isSelected: SelectionTest): PlanStep | undefined => {
    const document = plannedOperation({ ...shared, isSelected, interfaceObjects });
    if (document === undefined) return undefined;
    const query = print(document);
    return withoutPlan.unless(query, () => {
      const planned = planner.plan(query, planLimits);
      const isStream = planned !== undefined && operation.operation === OperationTypeNode.SUBSCRIPTION;
      const node = isStream
        ? splitSubscription({ schema: supergraphSchema, subjectTypes }, planned)
        : planned;
      const size = new PlanSize(planLimits);
      return node && prepareSteps({ schema: supergraphSchema, subjectTypes, interfaceObjects, size }, node);
    });
  };
  const everything = plan(mayBeIncluded);
  const isConditional = conditionsOf(operation, fragments).length > 0;
  const variantFor = createOperationVariants({ ...shared, plan: isConditional ? plan : () => everything });
  return { operation, fragments, variantFor, subgraphs: everything ? subgraphsOf(everything) : [] };
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

function refuseIncrementalDelivery({ document }: PrepareInput): void {
  visit(document, {
    Directive({ name: { value } }) {
      if (value === 'defer' || value === 'stream')
        throw new PlanError('UNSUPPORTED', `@${value} is not supported`);
    },
  });
}

function refuse(what: string): never {
  throw new PlanError('RESERVED_NAME', `The ${what} is reserved`);
}
