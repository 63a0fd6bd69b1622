import type { CompositionError } from '../composition-error.ts';
import { keyFields } from '../key.ts';
import { type AppliedDirective, applied, type Subgraph, type TypeDefinition } from '../subgraph.ts';
import type { Check } from './check.ts';

/**
 * Federation's directives by which one agency reads, promises or takes over another's fields. Each moves values between
 * agencies without a decision about them: `@requires` and `@fromContext` send them in representations, `@provides` and
 * `@override` answer in another's place, `@interfaceObject` does so for types not even named.
 */
const REFUSED: ReadonlySet<string> = new Set([
  'requires',
  'fromContext',
  'provides',
  'override',
  'interfaceObject',
]);

export const crossAgencyDirective: Check = function* ({ subgraphs }) {
  for (const subgraph of subgraphs)
    for (const type of subgraph.types.values()) {
      yield* refused(subgraph, type.name, type);
      yield* foreignFields(subgraph, type);
      for (const field of type.fields.values()) {
        const coordinate = `${type.name}.${field.name}`;
        yield* refused(subgraph, coordinate, field);
        for (const argument of field.arguments)
          yield* refused(subgraph, `${coordinate}(${argument.name}:)`, argument);
      }
    }
};

function* refused(
  subgraph: Subgraph,
  coordinate: string,
  part: { readonly directives: readonly AppliedDirective[] },
): Iterable<CompositionError> {
  for (const { name, specified, node } of part.directives)
    if (specified && REFUSED.has(name)) yield refusal(subgraph, coordinate, name, node.name.value);
}

/** `@external` has a use without the others only where a key names another agency's field. */
function* foreignFields(subgraph: Subgraph, type: TypeDefinition): Iterable<CompositionError> {
  if (applied(type, 'external').length > 0) yield refusal(subgraph, type.name, 'external', 'external');
  const keys = keyFields(type);
  for (const field of type.fields.values())
    for (const { node } of applied(field, 'external'))
      if (!keys.has(field.name))
        yield refusal(subgraph, `${type.name}.${field.name}`, 'external', node.name.value);
}

function refusal(subgraph: Subgraph, coordinate: string, name: string, local: string): CompositionError {
  const called = local === name ? '' : ` (here @${local})`;
  return {
    code: 'CROSS_AGENCY_DIRECTIVE',
    subgraph: subgraph.name,
    coordinate,
    message: `@${name}${called} makes fields of one agency depend on another's; ask the other agency's field in the operation instead`,
  };
}
