import { type FederatedGraph, outputFields } from '../federated-graph.ts';
import { isScoped } from '../guard.ts';
import type { ArgumentDefinition, Subgraph } from '../subgraph.ts';
import type { Check } from './check.ts';

/**
 * No field outside the directory takes a child as argument, itself or within an input. Oversight's fields behind a
 * scope do: they name children by number and lead to none.
 *
 * GraphQL has no type for "number of a child", so the names and scalars that say so are what is refused. An argument
 * that hides it behind another name gains little: what such a field may answer is REFERENCE (classified-field-exposed.ts).
 */
export const childArgument: Check = function* (graph) {
  for (const { subgraph, type, field, coordinate } of outputFields(graph)) {
    if (subgraph.name === graph.directory) continue;
    if (subgraph.name === graph.oversight && (isScoped(field) || isScoped(type))) continue;
    for (const argument of field.arguments) {
      const path = pathToChild(graph, subgraph, argument, new Set());
      if (path === undefined) continue;
      yield {
        code: 'CHILD_AS_ARGUMENT',
        subgraph: subgraph.name,
        coordinate: `${coordinate}(${argument.name}:)`,
        message: `${coordinate} takes a child as argument (${path}): only ${graph.directory} may; add a field to Child instead`,
      };
    }
  }
};

type Input = Pick<ArgumentDefinition, 'name' | 'namedType'>;

/** `filter.childId`; undefined where no child is named. */
function pathToChild(
  graph: FederatedGraph,
  subgraph: Subgraph,
  input: Input,
  seen: ReadonlySet<string>,
): string | undefined {
  if (namesChild(subgraph, input)) return input.name;
  const type = subgraph.types.get(input.namedType);
  if (type?.kind !== 'input' || seen.has(type.name)) return undefined;
  for (const field of type.fields.values()) {
    const path = pathToChild(graph, subgraph, field, new Set([...seen, type.name]));
    if (path !== undefined) return `${input.name}.${path}`;
  }
  return undefined;
}

function namesChild(subgraph: Subgraph, { name, namedType }: Input): boolean {
  if (namedType === 'NhsNumber' || namedType === 'Upn') return true;
  const kind = subgraph.types.get(namedType)?.kind;
  const holdsNumber = namedType === 'ID' || namedType === 'String' || kind === 'scalar';
  return holdsNumber && /child|pupil|patient|nhsNumber|^upn$/i.test(name);
}
