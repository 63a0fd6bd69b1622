import { type ConstDirectiveNode, type GraphQLSchema, isInterfaceType, isObjectType, Kind } from 'graphql';
import { SupergraphError } from './subject-sectors.ts';

/** Arguments of `@join__field` by which one agency is sent what another one holds: `@requires`, `@fromContext`. */
const TAKING_ALONG = ['requires', 'contextArguments'];

/**
 * Refuses fields for which the planner would fetch others that nobody selected, and keys of a subject that say more than
 * its number: what is not in the operation is not decided either, and goes from agency to agency unseen.
 *
 * @param supergraph Built from the supergraph SDL.
 * @throws SupergraphError naming the first of them.
 * @see https://github.com/advisories/GHSA-m8jr-fxqx-8xx6
 */
export function refuseTransitiveFields(supergraph: GraphQLSchema, subjectTypes: ReadonlySet<string>): void {
  for (const type of Object.values(supergraph.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const key of subjectTypes.has(type.name) ? keysOf(type.astNode?.directives) : [])
      if (key !== 'id') throw new SupergraphError(`${type.name} has a key that is not its id: "${key}"`);
    for (const field of Object.values(type.getFields()))
      for (const directive of applied(field.astNode?.directives, 'join__field'))
        for (const { name } of directive.arguments ?? [])
          if (TAKING_ALONG.includes(name.value))
            throw new SupergraphError(`${type.name}.${field.name} takes along what nobody selected`);
  }
}

function keysOf(directives: readonly ConstDirectiveNode[] | undefined): string[] {
  return applied(directives, 'join__type').flatMap(({ arguments: args }) => {
    const key = args?.find(({ name }) => name.value === 'key')?.value;
    return key?.kind === Kind.STRING ? [key.value.trim()] : [];
  });
}

function applied(directives: readonly ConstDirectiveNode[] | undefined, name: string) {
  return (directives ?? []).filter((directive) => directive.name.value === name);
}
