import { argumentOf, textOf } from './link.ts';
import { applied, type TypeDefinition } from './subgraph.ts';

/** Each `@key` of a type with white space and commas made one: `'urn'`, `'la establishment'`; empty when it is no text. */
export function keysOf(type: TypeDefinition): string[] {
  return applied(type, 'key').map(({ node }) =>
    (textOf(argumentOf(node, 'fields')) ?? '').replaceAll(/[\s,]+/g, ' ').trim(),
  );
}

/** Names of the type's own fields that its keys consist of. */
export function keyFields(type: TypeDefinition): ReadonlySet<string> {
  return new Set(
    keysOf(type).flatMap((key) =>
      key
        .replaceAll(/\{[^}]*\}/g, ' ')
        .split(' ')
        .filter(Boolean),
    ),
  );
}
