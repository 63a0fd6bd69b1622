import type {
  DocumentNode,
  FragmentDefinitionNode,
  GraphQLNamedType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';
import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  print,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import { answerCopy, shapeOfAnswer } from '../records/answer-shape.ts';
import { SUBJECT_KEY } from '../selections/response-key.ts';
import { possibleTypes } from '../selections/type-condition.ts';
import { PlanError } from './plan-error.ts';
import type { FetchText } from './plan-step.ts';

const NO_FRAGMENTS: ReadonlyMap<string, FragmentDefinitionNode> = new Map();

/**
 * @param schema The supergraph's: a text may select what clients cannot see.
 * @param document One operation without fragment spreads.
 * @throws PlanError where the document is anything else: what is not looked at would not be decided either.
 */
export function fetchText(schema: GraphQLSchema, document: DocumentNode, isEntityFetch: boolean): FetchText {
  const operation = operationOf(document);
  const root = schema.getRootType(operation.operation);
  if (!root) throw new PlanError('NO_PLAN', `The supergraph has no ${operation.operation}`);

  const asked = isEntityFetch ? entitySelections(operation) : operation.selectionSet;
  const coordinates = new Set<string>();
  collectCoordinates(schema, isEntityFetch ? undefined : root, asked, coordinates);
  const answer = shapeOfAnswer(asked, NO_FRAGMENTS);
  return {
    document,
    query: stripIgnoredCharacters(print(document)),
    variableNames: variablesOf(operation),
    coordinates: [...coordinates],
    answer,
    copyAnswer: answerCopy(answer),
  };
}

export function operationOf(document: DocumentNode): OperationDefinitionNode {
  const [operation, ...others] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || others.length > 0) {
    throw new PlanError('NO_PLAN', 'A fetch of the plan is not one operation');
  }
  return operation;
}

/** What an entity fetch selects of the entities. */
export function entitySelections(operation: OperationDefinitionNode): SelectionSetNode {
  const [entities, ...others] = operation.selectionSet.selections;
  const isEntities = entities?.kind === Kind.FIELD && entities.name.value === '_entities';
  if (!isEntities || entities.selectionSet === undefined || others.length > 0) {
    throw new PlanError('NO_PLAN', 'An entity fetch of the plan asks for something else than entities');
  }
  return entities.selectionSet;
}

export function variablesOf(operation: OperationDefinitionNode): string[] {
  const names = new Set<string>();
  visit(operation.selectionSet, { Variable: ({ name }) => void names.add(name.value) });
  names.delete('representations');
  return [...names];
}

/** Of an interface's field the coordinates of every object type that may answer, which are the ones that have a class. */
function collectCoordinates(
  schema: GraphQLSchema,
  parent: GraphQLNamedType | undefined,
  set: SelectionSetNode,
  coordinates: Set<string>,
): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      throw new PlanError('NO_PLAN', 'A fetch of the plan spreads a fragment');
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value;
      const type = condition === undefined ? parent : schema.getType(condition);
      collectCoordinates(schema, type, selection.selectionSet, coordinates);
      continue;
    }
    const name = selection.name.value;
    if (name === '__typename' || selection.alias?.value === SUBJECT_KEY) continue;
    if (!isObjectType(parent) && !isInterfaceType(parent)) {
      throw new PlanError('NO_PLAN', `A fetch of the plan selects ${name} of no known type`);
    }
    for (const type of possibleTypes(schema, parent)) coordinates.add(`${type.name}.${name}`);
    const definition = parent.getFields()[name];
    if (definition !== undefined && selection.selectionSet !== undefined) {
      collectCoordinates(schema, getNamedType(definition.type), selection.selectionSet, coordinates);
    }
  }
}
