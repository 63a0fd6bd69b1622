import { type DocumentNode, type FieldNode, Kind, type VariableDefinitionNode, visit } from 'graphql';
import { operationOf } from './fetch-text.ts';

/**
 * Takes apart an operation that asks for `_entities` several times, each under an alias and with representations of its
 * own.
 *
 * @param document Without fragment spreads.
 * @returns By alias, an operation that asks for these entities alone, with `$representations`.
 */
export function batchedEntityFetches(document: DocumentNode): ReadonlyMap<string, DocumentNode> {
  const operation = operationOf(document);
  const fetches = new Map<string, DocumentNode>();
  for (const entities of operation.selectionSet.selections) {
    if (entities.kind !== Kind.FIELD || entities.alias === undefined) continue;
    const used = new Set<string>();
    visit(entities.selectionSet ?? entities, { Variable: ({ name }) => void used.add(name.value) });
    const variableDefinitions = (operation.variableDefinitions ?? []).filter(({ variable }) =>
      used.has(variable.name.value),
    );
    fetches.set(entities.alias.value, {
      ...document,
      definitions: [
        {
          ...operation,
          variableDefinitions: [REPRESENTATIONS, ...variableDefinitions],
          selectionSet: { ...operation.selectionSet, selections: [entitiesAlone(entities)] },
        },
      ],
    });
  }
  return fetches;
}

function entitiesAlone({ alias: _alias, ...field }: FieldNode): FieldNode {
  const representations = { kind: Kind.NAME, value: 'representations' } as const;
  const value = { kind: Kind.VARIABLE, name: representations } as const;
  return { ...field, arguments: [{ kind: Kind.ARGUMENT, name: representations, value }] };
}

/** `$representations: [_Any!]!` */
const REPRESENTATIONS: VariableDefinitionNode = {
  kind: Kind.VARIABLE_DEFINITION,
  variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: 'representations' } },
  type: {
    kind: Kind.NON_NULL_TYPE,
    type: {
      kind: Kind.LIST_TYPE,
      type: {
        kind: Kind.NON_NULL_TYPE,
        type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: '_Any' } },
      },
    },
  },
};
