import { type ConstDirectiveNode, type ConstValueNode, Kind } from 'graphql';

/** `https://contactpoint.example/access`, whose directives are `@sensitivity` and `@subject`. */
export const ACCESS_SPECIFICATION = 'https://contactpoint.example/access';

/** Version of the domain's directives that we understand; under another one they may mean something else. */
export const ACCESS_VERSION = 'v1';

/**
 * The names under which a document knows a directive. Core schemas name directives through `@link`, which may rename
 * each of them (`import: [{ name: "@policy", as: "@rule" }]`) or all of them (`as: "auth"`): whoever looks for a fixed
 * name misses a renamed rule and opens the field.
 *
 * @param schema The directives on the document's `schema` definition and its extensions.
 * @param specification The linked URL without its version.
 * @param name Without `@`.
 * @param version Major version, `v1`; any where it is left out.
 * @see https://specs.apollo.dev/link/v1.0
 */
export function linkedNames(
  schema: readonly ConstDirectiveNode[],
  specification: string,
  name: string,
  version?: string,
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const link of schema) {
    if (link.name.value !== 'link') continue;
    const [, identity, major] = /^(.+)\/(v\d+)(?:\.\d+)?\/?$/.exec(text(argument(link, 'url')) ?? '') ?? [];
    if (identity !== specification) continue;
    if (version !== undefined && major !== version) continue;

    const specified = specification.slice(specification.lastIndexOf('/') + 1);
    const namespace = text(argument(link, 'as')) ?? specified;
    // The specification's directive of its own name goes by the bare namespace: `@policy`, never `@policy__policy`.
    names.add(name === specified ? namespace : `${namespace}__${name}`);
    for (const alias of importedAs(argument(link, 'import'), name)) names.add(alias);
  }
  return names;
}

/** Apollo's directives that guard what they stand on. */
const AUTHORIZATION_DIRECTIVES = ['authenticated', 'requiresScopes', 'policy'] as const;

export type AuthorizationDirective = (typeof AUTHORIZATION_DIRECTIVES)[number];

/**
 * The authorization directives that a supergraph links each by itself. Read from every directive on the schema, whatever
 * it is called: what we do not understand of a link must not make its rules disappear.
 */
export function linkedRules(schema: readonly ConstDirectiveNode[]): readonly AuthorizationDirective[] {
  const urls = schema.flatMap(
    (directive) => directive.arguments?.map(({ value }) => text(value) ?? '') ?? [],
  );
  return AUTHORIZATION_DIRECTIVES.filter((name) =>
    urls.some((url) => url.startsWith(`https://specs.apollo.dev/${name}/`)),
  );
}

/**
 * The names of Apollo's `@authenticated`, `@requiresScopes` or `@policy`: a supergraph links each by itself, a subgraph gets
 * them with Federation. Any version counts: a rule of a version we do not know is still a rule.
 */
export function authorizationNames(
  schema: readonly ConstDirectiveNode[],
  name: AuthorizationDirective,
): ReadonlySet<string> {
  return new Set([
    ...linkedNames(schema, `https://specs.apollo.dev/${name}`, name),
    ...linkedNames(schema, 'https://specs.apollo.dev/federation', name),
  ]);
}

/** The value of one argument of an applied directive. */
export function argument(directive: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return directive.arguments?.find((each) => each.name.value === name)?.value;
}

function* importedAs(imports: ConstValueNode | undefined, name: string): Iterable<string> {
  if (imports?.kind !== Kind.LIST) return;
  for (const entry of imports.values) {
    if (entry.kind === Kind.STRING && entry.value === `@${name}`) yield name;
    if (entry.kind !== Kind.OBJECT) continue;
    const field = (key: string) => text(entry.fields.find((each) => each.name.value === key)?.value);
    if (field('name') === `@${name}`) yield (field('as') ?? `@${name}`).slice(1);
  }
}

function text(value: ConstValueNode | undefined): string | undefined {
  return value?.kind === Kind.STRING ? value.value : undefined;
}
