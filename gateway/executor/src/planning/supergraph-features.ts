import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql';

/**
 * Specifications by the start of their URL that a supergraph may need for its answers to be right or safe. Apollo's three
 * directives are enforced by whoever calls the executor, which is why it may be called with them at all.
 */
const KNOWN = [
  'link',
  'join',
  'inaccessible',
  'tag',
  'authenticated',
  'requiresScopes',
  'policy',
  'cost',
].map((name) => `https://specs.apollo.dev/${name}/`);

/**
 * Refuses a supergraph that says it needs more than is known here: what a feature `for: SECURITY` would have withheld is
 * not served by a gateway that has never heard of it.
 *
 * @throws Error naming the first one.
 * @see https://specs.apollo.dev/link/v1.0/#Purpose
 */
export function refuseUnknownFeatures(supergraph: DocumentNode): void {
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const link of definition.directives?.filter(({ name }) => name.value === 'link') ?? []) {
      const url = stringArgument(link, 'url') ?? '';
      if (stringArgument(link, 'for') === undefined || KNOWN.some((known) => url.startsWith(known))) continue;
      throw new Error(`The supergraph needs ${url}, which is not supported`);
    }
  }
}

function stringArgument(directive: ConstDirectiveNode, argument: string): string | undefined {
  const value = directive.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}
