import type { CompositionError } from '../composition-error.ts';
import type { FieldPart, TypePart } from '../federated-graph.ts';
import { keyFields, keysOf } from '../key.ts';
import { fieldShape } from '../shape.ts';
import { ROOT_TYPES } from '../subgraph.ts';
import type { Check } from './check.ts';

/**
 * A root field and a field of an entity belong to the first subgraph that defines them; others leave them alone,
 * `@shareable` or not: the planner would ask either. An entity's key is everybody's, the same in all.
 */
export const foreignField: Check = function* (graph) {
  for (const [name, parts] of graph.definitions) {
    if (!ROOT_TYPES.has(name) && !isEntity(parts)) continue;
    const owners = new Map<string, FieldPart>();
    for (const { subgraph, type } of parts)
      for (const field of type.fields.values()) {
        const part = { subgraph, type, field, coordinate: `${name}.${field.name}` };
        const owner = owners.get(field.name);
        if (owner === undefined) owners.set(field.name, part);
        else yield* change(part, owner);
      }
  }
};

/** Only the owner of a type gives it keys: another's would carry the owner's fields in representations. */
export const foreignKey: Check = function* (graph) {
  for (const [name, [owner, ...others]] of graph.definitions) {
    const owned = new Set(owner === undefined ? [] : keysOf(owner.type));
    for (const { subgraph, type } of others)
      for (const key of keysOf(type))
        if (!owned.has(key))
          yield {
            code: 'FOREIGN_KEY',
            subgraph: subgraph.name,
            coordinate: name,
            message: `${name} belongs to ${owner?.subgraph.name}, which does not know it by "${key}"; use ${owned.size === 0 ? 'a type of your own' : `its key "${[...owned].join('" or "')}"`}`,
          };
  }
};

/** An object that its owner gives a key. */
export function isEntity([owner]: readonly TypePart[]): boolean {
  return owner?.type.kind === 'object' && keysOf(owner.type).length > 0;
}

function* change(part: FieldPart, owner: FieldPart): Iterable<CompositionError> {
  const { subgraph, type, field, coordinate } = part;
  const isKey = keyFields(type).has(field.name) && keyFields(owner.type).has(field.name);
  if (isKey && fieldShape(field) === fieldShape(owner.field)) return;
  yield {
    code: 'FOREIGN_FIELD_CHANGED',
    subgraph: subgraph.name,
    coordinate,
    message: isKey
      ? `${coordinate} is a key, so its type, arguments and guards must be those of ${owner.subgraph.name}: ${owner.field.type}`
      : `${coordinate} belongs to ${owner.subgraph.name}; leave it out or give yours another name`,
  };
}
