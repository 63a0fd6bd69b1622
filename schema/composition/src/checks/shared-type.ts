import type { FederatedGraph, TypePart } from '../federated-graph.ts';
import { guards, typeShape } from '../shape.ts';
import { applied, ROOT_TYPES, type TypeDefinition } from '../subgraph.ts';
import type { Check } from './check.ts';
import { isEntity } from './foreign-field.ts';

/**
 * What several subgraphs define and is no entity is the same in all, and an object `@shareable` in all. Composition
 * would merge: a field more in an object or interface, a value more in an enum, a field less in an input.
 */
export const sharedType: Check = function* (graph) {
  for (const { owner, part, name } of sharedParts(graph)) {
    if (ROOT_TYPES.has(name) || isEntity(graph.definitions.get(name) ?? [])) continue;
    const differs = typeShape(part.type) !== typeShape(owner.type);
    const unshared = [owner, part].find(({ type }) => type.kind === 'object' && !isShareable(type));
    if (!differs && unshared === undefined) continue;
    yield {
      code: 'SHARED_TYPE_DIFFERS',
      subgraph: part.subgraph.name,
      coordinate: name,
      message: differs
        ? `${name} differs from its definition in ${owner.subgraph.name}; copy that, or give yours another name`
        : `${name} is defined in ${owner.subgraph.name} too, but is not @shareable in ${unshared?.subgraph.name}; give yours another name`,
    };
  }
};

/** Guards on a type hold for every agency's part of it, so that they are equal in all; root types are everybody's and have none. */
export const sharedTypeGuard: Check = function* (graph) {
  for (const name of ROOT_TYPES)
    for (const { subgraph, type } of graph.definitions.get(name) ?? [])
      if (guards(type) !== '')
        yield {
          code: 'SHARED_TYPE_GUARD_DIFFERS',
          subgraph: subgraph.name,
          coordinate: name,
          message: `${name} is every agency's: put ${guards(type)} on your own fields`,
        };
  for (const { owner, part, name } of sharedParts(graph)) {
    if (ROOT_TYPES.has(name) || guards(part.type) === guards(owner.type)) continue;
    yield {
      code: 'SHARED_TYPE_GUARD_DIFFERS',
      subgraph: part.subgraph.name,
      coordinate: name,
      message: `${name} has ${guards(part.type) || 'no guards'} here and ${guards(owner.type) || 'none'} in ${owner.subgraph.name}; guard your own fields instead`,
    };
  }
};

/** Each part of a type beside the owner's. */
function* sharedParts({
  definitions,
}: FederatedGraph): Iterable<{ readonly owner: TypePart; readonly part: TypePart; readonly name: string }> {
  for (const [name, [owner, ...others]] of definitions)
    if (owner !== undefined) for (const part of others) yield { owner, part, name };
}

function isShareable(type: TypeDefinition): boolean {
  if (applied(type, 'shareable').length > 0) return true;
  return [...type.fields.values()].every((field) => applied(field, 'shareable').length > 0);
}
