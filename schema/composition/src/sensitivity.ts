import { Kind } from 'graphql';
import { argumentOf } from './link.ts';
import { type AppliedDirective, applied } from './subgraph.ts';

/** `@sensitivity(class:, minimal:)` of one field. */
export interface Sensitivity {
  readonly class: string;
  readonly minimal: boolean;
}

/** Undefined where the field has none, or more than one: neither of two is the field's. */
export function sensitivityOf(field: {
  readonly directives: readonly AppliedDirective[];
}): Sensitivity | undefined {
  const [first, ...others] = applied(field, 'sensitivity');
  if (first === undefined || others.length > 0) return undefined;
  const name = argumentOf(first.node, 'class');
  const minimal = argumentOf(first.node, 'minimal');
  if (name?.kind !== Kind.ENUM) return undefined;
  return { class: name.value, minimal: minimal?.kind === Kind.BOOLEAN && minimal.value };
}

/** Above REFERENCE: describes a person. What is not classified counts as such until it is. */
export function isClassified(field: { readonly directives: readonly AppliedDirective[] }): boolean {
  return sensitivityOf(field)?.class !== 'REFERENCE';
}

/** `STATUS`, or `STATUS, minimal`. */
export function describe({ class: name, minimal }: Sensitivity): string {
  return minimal ? `${name}, minimal` : name;
}
