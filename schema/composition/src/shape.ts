import { print } from 'graphql';
import type { AppliedDirective, ArgumentDefinition, FieldDefinition, TypeDefinition } from './subgraph.ts';

/** Federation's directives that guard, hide or price what they stand on; composition applies one agency's to all. */
const GUARDS: ReadonlySet<string> = new Set([
  'authenticated',
  'requiresScopes',
  'policy',
  'inaccessible',
  'cost',
  'listSize',
]);

/**
 * What callers see of a field, printed so that two definitions can be compared: type, arguments with their defaults,
 * guards. Descriptions and the order of arguments do not count; classes have a check of their own.
 */
export function fieldShape(field: FieldDefinition): string {
  const args = field.arguments.map(argumentShape).sort().join(', ');
  return `${field.name}(${args}): ${field.type} = ${field.defaultValue} ${guards(field)}`;
}

/** The same of a whole type, guards on the type itself left out: `guards` gives them. */
export function typeShape(type: TypeDefinition): string {
  const fields = [...type.fields.values()].map(fieldShape).sort();
  return [type.kind, ...fields, '|', ...type.members.toSorted(), '&', ...type.interfaces.toSorted()].join(
    '\n',
  );
}

/** Guards that stand on a type or field; empty where there are none. */
export function guards({ directives }: { readonly directives: readonly AppliedDirective[] }): string {
  return directives
    .filter(({ name, specified }) => specified && GUARDS.has(name))
    .map(printed)
    .sort()
    .join(' ');
}

function argumentShape(argument: ArgumentDefinition): string {
  return `${argument.name}: ${argument.type} = ${argument.defaultValue} ${guards(argument)}`;
}

function printed({ name, node }: AppliedDirective): string {
  const args = (node.arguments ?? []).map((argument) => print(argument)).sort();
  return `@${name}(${args.join(', ')})`;
}
