import { type ConstDirectiveNode, type ConstValueNode, type DocumentNode, Kind } from 'graphql';

/** One `@link` of a document: a specification and the names that its elements go by here. */
export interface Link {
  /** URL without the version: `https://specs.apollo.dev/federation`. */
  readonly identity: string;
  readonly major: number;
  readonly minor: number;
  /** Prefix of elements that are not imported: `federation` in `@federation__key`. */
  readonly namespace: string;
  /** Local name by imported element, directives with their `@`: `'@key' → '@key'`, `'@override' → '@mine'`. */
  readonly imports: ReadonlyMap<string, string>;
  readonly node: ConstDirectiveNode;
}

export const FEDERATION = 'https://specs.apollo.dev/federation';
export const ACCESS = 'https://contactpoint.example/access';

/**
 * Every link of a document. `@link` may itself be renamed, so that whatever stands on the schema with a `url` counts:
 * to take too much for a link refuses a schema, to overlook one opens a field.
 *
 * @see https://specs.apollo.dev/link/v1.0
 */
export function readLinks(document: DocumentNode): Link[] {
  return document.definitions
    .filter((node) => node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION)
    .flatMap((node) => node.directives ?? [])
    .flatMap(readLink);
}

/** Name without `@` under which the document knows a directive of the linked specification. */
export function localDirective(link: Link, name: string): string {
  return link.imports.get(`@${name}`)?.slice(1) ?? `${link.namespace}__${name}`;
}

export function localType(link: Link, name: string): string {
  return link.imports.get(name) ?? `${link.namespace}__${name}`;
}

/** The specification's own name for a directive as the document names it; undefined where it is not the specification's. */
export function specifiedDirective(link: Link, local: string): string | undefined {
  for (const [element, alias] of link.imports) if (alias === `@${local}`) return element.slice(1);
  if (local === link.namespace) return link.identity.slice(link.identity.lastIndexOf('/') + 1);
  const prefix = `${link.namespace}__`;
  return local.startsWith(prefix) ? local.slice(prefix.length) : undefined;
}

export function argumentOf(directive: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return directive.arguments?.find((argument) => argument.name.value === name)?.value;
}

export function textOf(value: ConstValueNode | undefined): string | undefined {
  return value?.kind === Kind.STRING ? value.value : undefined;
}

function readLink(node: ConstDirectiveNode): Link[] {
  const url = textOf(argumentOf(node, 'url'));
  if (url === undefined || !URL.canParse(url)) return [];
  const { origin, pathname } = new URL(url);
  const version = /^(?<path>.*)\/v(?<major>\d+)\.(?<minor>\d+)\/*$/.exec(pathname)?.groups;
  if (version === undefined) return [];
  const identity = `${origin}${version.path}`;
  return [
    {
      identity,
      major: Number(version.major),
      minor: Number(version.minor),
      namespace: textOf(argumentOf(node, 'as')) ?? identity.slice(identity.lastIndexOf('/') + 1),
      imports: new Map(readImports(argumentOf(node, 'import'))),
      node,
    },
  ];
}

function* readImports(imports: ConstValueNode | undefined): Iterable<[element: string, local: string]> {
  if (imports?.kind !== Kind.LIST) return;
  for (const entry of imports.values) {
    if (entry.kind === Kind.STRING) yield [entry.value, entry.value];
    if (entry.kind !== Kind.OBJECT) continue;
    const member = (key: string) => textOf(entry.fields.find(({ name }) => name.value === key)?.value);
    const element = member('name');
    if (element !== undefined) yield [element, member('as') ?? element];
  }
}
