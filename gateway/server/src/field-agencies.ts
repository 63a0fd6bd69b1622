import { type GraphQLSchema, isInterfaceType, isIntrospectionType, isObjectType, Kind } from 'graphql';
import { type Graph, joinGraphs } from './subject-sectors.ts';

/**
 * Names of the subgraphs that resolve each field, by its coordinate, in the order of the supergraph: those that its
 * `@join__field` names, but not where it is external to them; where none is named, all that know the type.
 *
 * @param supergraph Built from the supergraph SDL.
 */
export function readFieldAgencies(
  supergraph: GraphQLSchema,
  graphs: ReadonlyMap<string, Graph>,
): ReadonlyMap<string, readonly string[]> {
  const agencies = new Map<string, readonly string[]>();
  for (const type of Object.values(supergraph.getTypeMap())) {
    if (isIntrospectionType(type) || !(isObjectType(type) || isInterfaceType(type))) continue;
    const declared = joinGraphs(type.astNode?.directives, 'join__type');
    for (const field of Object.values(type.getFields())) {
      const directives = field.astNode?.directives ?? [];
      const own = directives.filter((each) => !isTrue(each, 'external') && !isTrue(each, 'usedOverridden'));
      const named = joinGraphs(own, 'join__field');
      const owners = (named.length > 0 ? named : declared).flatMap((value) => graphs.get(value)?.name ?? []);
      agencies.set(`${type.name}.${field.name}`, [...new Set(owners)]);
    }
  }
  return agencies;
}

function isTrue(
  { arguments: given }: { readonly arguments?: readonly ArgumentLike[] | undefined },
  name: string,
): boolean {
  const value = given?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.BOOLEAN && value.value === true;
}

interface ArgumentLike {
  readonly name: { readonly value: string };
  readonly value: { readonly kind: string; readonly value?: unknown };
}
