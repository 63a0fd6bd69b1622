import type { Classification } from '@contactpoint/access/classification';
import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
} from 'graphql';
import { SupergraphError } from './subject-sectors.ts';

/** Arguments of `@join__field` by which one agency is sent what another one holds: `@requires`, `@fromContext`. */
const TAKING_ALONG = ['requires', 'contextArguments'];

/**
 * Refuses fields for which the planner would fetch others that nobody selected, keys of a subject that say more than
 * its number, and entities that describe a person without being one: what is not in the operation, or not known to be of
 * a child, is not decided either, and goes from agency to agency unseen.
 *
 * @param supergraph Built from the supergraph SDL.
 * @throws SupergraphError naming the first of them.
 * @see https://github.com/advisories/GHSA-m8jr-fxqx-8xx6
 */
export function refuseTransitiveFields(
  supergraph: GraphQLSchema,
  subjectTypes: ReadonlySet<string>,
  classification: Classification,
): void {
  for (const type of Object.values(supergraph.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const key of subjectTypes.has(type.name) ? keysOf(type.astNode?.directives) : [])
      if (key !== 'id') throw new SupergraphError(`${type.name} has a key that is not its id: "${key}"`);
    const isShared = agenciesKnowing(type.astNode?.directives) > 1 && !subjectTypes.has(type.name);
    for (const { name } of isShared ? Object.values(type.getFields()) : [])
      if (classification.get(`${type.name}.${name}`)?.class !== 'REFERENCE')
        throw new SupergraphError(`${type.name}.${name} describes a person under a key that is nobody's`);
    for (const field of Object.values(type.getFields()))
      for (const directive of applied(field.astNode?.directives, 'join__field'))
        for (const { name } of directive.arguments ?? [])
          if (TAKING_ALONG.includes(name.value))
            throw new SupergraphError(`${type.name}.${field.name} takes along what nobody selected`);
  }
}

function keysOf(directives: readonly ConstDirectiveNode[] | undefined): string[] {
  return applied(directives, 'join__type').flatMap((join) => {
    const key = valueOfArgument(join, 'key');
    return key?.kind === Kind.STRING ? [key.value.trim()] : [];
  });
}

/** How many agencies can be asked for the type by a key. */
function agenciesKnowing(directives: readonly ConstDirectiveNode[] | undefined): number {
  const joins = applied(directives, 'join__type').filter(
    (join) => valueOfArgument(join, 'key') !== undefined,
  );
  const graphs = joins.map((join) => valueOfArgument(join, 'graph'));
  return new Set(graphs.map((graph) => graph?.kind === Kind.ENUM && graph.value)).size;
}

function valueOfArgument(directive: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return directive.arguments?.find((argument) => argument.name.value === name)?.value;
}

function applied(directives: readonly ConstDirectiveNode[] | undefined, name: string) {
  return (directives ?? []).filter((directive) => directive.name.value === name);
}
