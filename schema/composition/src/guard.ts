import { type ConstValueNode, Kind } from 'graphql';
import { argumentOf } from './link.ts';
import { type AppliedDirective, applied } from './subgraph.ts';

interface Guarded {
  readonly directives: readonly AppliedDirective[];
}

/** Whether `@requiresScopes` stands on a type or field and asks for something. */
export function isScoped(part: Guarded): boolean {
  return applied(part, 'requiresScopes').some(({ node }) => asks(argumentOf(node, 'scopes')));
}

/** Whether `@policy` does. */
export function hasPolicy(part: Guarded): boolean {
  return applied(part, 'policy').some(({ node }) => asks(argumentOf(node, 'policies')));
}

/** Alternatives, of which each names something: `[[]]` is met by everybody, and so is `[["audit:read"], []]`. */
function asks(alternatives: ConstValueNode | undefined): boolean {
  if (alternatives?.kind !== Kind.LIST || alternatives.values.length === 0) return false;
  return alternatives.values.every((all) => all.kind !== Kind.LIST || all.values.length > 0);
}
