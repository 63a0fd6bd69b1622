import type { FieldNode, GraphQLSchema } from 'graphql';
import { isInterfaceType, isObjectType } from 'graphql';

/** Under this alias every subject's `id` is fetched, whatever the client selects. */
export const SUBJECT_KEY = '__subject';

const PREFIX = '__a_';

/** How the planner names fields that it asks for beside the client's own of the same name. */
const PLANNERS = '_internal_qp_alias_';

/**
 * Under which key a field is fetched. The client's response key, unless that is an alias which is also the name of a
 * field: with `child { id: familyName conditions }` planners take the family name for the key of the entity
 * (@graphql-hive/router-query-planner 0.0.38, @apollo/query-planner 2.14: seen), so such an alias is fetched under another name and restored when the response is
 * shaped.
 */
export type PlannedKey = (field: FieldNode) => string;

export function createPlannedKey(schema: GraphQLSchema): PlannedKey {
  const names = fieldNames(schema);
  return ({ alias, name }) => {
    if (alias === undefined || alias.value === name.value) return name.value;
    const clashes = names.has(alias.value) || alias.value.startsWith(PLANNERS);
    return clashes ? PREFIX + alias.value : alias.value;
  };
}

/** The client's key for a planned one. */
export function clientKey(plannedKey: string): string {
  return plannedKey.startsWith(PREFIX) ? plannedKey.slice(PREFIX.length) : plannedKey;
}

/** Whether a key stands in fetched data only, and no client has heard of it. */
export function isInternalKey(plannedKey: string): boolean {
  return plannedKey.startsWith('__') || plannedKey.startsWith(PLANNERS);
}

function fieldNames(schema: GraphQLSchema): ReadonlySet<string> {
  const names = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const name of Object.keys(type.getFields())) names.add(name);
  }
  return names;
}
