import { argument, linkedNames } from '@contactpoint/access/linked-directive';
import { type ConstDirectiveNode, type DocumentNode, type GraphQLObjectType, Kind } from 'graphql';

const FEDERATION = 'https://specs.apollo.dev/federation';

/** `@requiresScopes(scopes: [["a", "b"], ["c"]])`: a and b together, or c. */
export type ScopeGuard = readonly (readonly string[])[];

export function holdsScopes(guard: ScopeGuard, held: readonly string[]): boolean {
  return guard.some((together) => together.every((scope) => held.includes(scope)));
}

/** Reads the guards of one document, under whatever name it imports `@requiresScopes`. */
export class ScopeGuards {
  readonly #names: ReadonlySet<string>;
  readonly #policyNames: ReadonlySet<string>;

  constructor(typeDefs: DocumentNode) {
    const links = typeDefs.definitions.flatMap((node) =>
      node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION
        ? (node.directives ?? [])
        : [],
    );
    this.#names = linkedNames(links, FEDERATION, 'requiresScopes');
    this.#policyNames = linkedNames(links, FEDERATION, 'policy');
  }

  /**
   * Guards of a field definition or of an object type, all of which must hold.
   *
   * @throws Error for `@policy`: what it names is known to the gateway alone, and ignoring it would open the field.
   */
  of(directives: readonly ConstDirectiveNode[] | undefined, place: string): ScopeGuard[] {
    if (directives?.some(({ name }) => this.#policyNames.has(name.value)))
      throw new Error(`${place} carries @policy, which a subgraph cannot enforce`);
    return (directives ?? []).filter(({ name }) => this.#names.has(name.value)).map(readGuard);
  }

  ofType(type: GraphQLObjectType): ScopeGuard[] {
    return [type.astNode, ...type.extensionASTNodes].flatMap((node) => this.of(node?.directives, type.name));
  }
}

/** A guard that cannot be read holds for nobody: an empty list has no alternative that could be satisfied. */
function readGuard(directive: ConstDirectiveNode): ScopeGuard {
  const scopes = argument(directive, 'scopes');
  if (scopes?.kind !== Kind.LIST) return [];
  return scopes.values.map((together) =>
    together.kind === Kind.LIST
      ? together.values.map((scope) => (scope.kind === Kind.STRING ? scope.value : ''))
      : [''],
  );
}
