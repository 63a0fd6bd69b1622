import { readDirectives } from '@contactpoint/contract/sdl';
import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  Kind,
  parse,
  parseConstValue,
  print,
  visit,
} from 'graphql';
import type { CompositionError } from './composition-error.ts';
import { argumentOf, type Link, localDirective, localType, textOf } from './link.ts';

const DIRECTIVES = ['sensitivity', 'subject'] as const;
const CLASSES = 'SensitivityClass';

/** What `directives.graphql` of the contract defines, by its name. */
const DEFINITIONS = new Map(
  parse(readDirectives(), { noLocation: true }).definitions.map((node) => [nameOf(node), node] as const),
);

export type AccessDefinitions =
  | { readonly document: DocumentNode }
  | { readonly errors: readonly CompositionError[] };

/**
 * The same document with the domain's directives under their own names, defined as the contract defines them, and
 * composed into the supergraph. `@composeDirective` needs the definitions, one name and the imports in every
 * subgraph; what an agency calls them at home is its own business, and after this nobody has to ask any more.
 */
export function withAccessDefinitions(
  subgraph: string,
  document: DocumentNode,
  { access, federation }: { readonly access: Link; readonly federation: Link },
): AccessDefinitions {
  const own = new Map([
    ...DIRECTIVES.map((name) => [`@${localDirective(access, name)}`, `@${name}`] as const),
    [localType(access, CLASSES), CLASSES] as const,
  ]);
  const taken = [...takenNames(subgraph, document, own)];
  if (taken.length > 0) return { errors: taken };
  const renamed = rename(document, own);
  const changed = [...changedDefinitions(subgraph, renamed)];
  if (changed.length > 0) return { errors: changed };

  const composeDirective = localDirective(federation, 'composeDirective');
  const definitions = renamed.definitions
    .filter((node) => !DEFINITIONS.has(nameOf(node)))
    .map((node) => withCanonicalLinks(node, access, composeDirective));
  const composed = DIRECTIVES.map((name) => `@${composeDirective}(name: "@${name}")`).join(' ');
  const extension = parse(`extend schema ${composed}`, { noLocation: true }).definitions;
  return {
    document: { kind: Kind.DOCUMENT, definitions: [...definitions, ...extension, ...DEFINITIONS.values()] },
  };
}

/** An unlinked `@sensitivity` beside a renamed one would become the domain's by the renaming. */
function* takenNames(
  subgraph: string,
  document: DocumentNode,
  own: ReadonlyMap<string, string>,
): Iterable<CompositionError> {
  const used = namesIn(document);
  for (const [local, canonical] of own) {
    if (local === canonical || !used.has(canonical)) continue;
    yield {
      code: 'ACCESS_DEFINITION_DIFFERS',
      subgraph,
      coordinate: canonical,
      message: `${canonical} is used but not imported by the @link to the access specification, where it is called ${local}; import it under its own name`,
    };
  }
}

function* changedDefinitions(subgraph: string, document: DocumentNode): Iterable<CompositionError> {
  for (const node of document.definitions) {
    const name = nameOf(node);
    const defined = DEFINITIONS.get(name);
    if (defined === undefined || bare(node) === bare(defined)) continue;
    yield {
      code: 'ACCESS_DEFINITION_DIFFERS',
      subgraph,
      coordinate: name,
      message: `${name} is defined otherwise than in the contract's directives.graphql; leave the definition out or copy it`,
    };
  }
}

function rename(document: DocumentNode, own: ReadonlyMap<string, string>): DocumentNode {
  const directive = <Node extends { readonly name: { readonly value: string } }>(node: Node) => {
    const name = own.get(`@${node.name.value}`);
    return name === undefined ? undefined : { ...node, name: { kind: Kind.NAME, value: name.slice(1) } };
  };
  const type = <Node extends { readonly name: { readonly value: string } }>(node: Node) => {
    const name = own.get(node.name.value);
    return name === undefined ? undefined : { ...node, name: { kind: Kind.NAME, value: name } };
  };
  return visit(document, {
    // On the way out: a node that is replaced on the way in is not entered.
    Directive: { leave: directive },
    DirectiveDefinition: { leave: directive },
    NamedType: { leave: type },
    EnumTypeDefinition: { leave: type },
    EnumTypeExtension: { leave: type },
  });
}

function namesIn(document: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, {
    Directive: (node) => void names.add(`@${node.name.value}`),
    DirectiveDefinition: (node) => void names.add(`@${node.name.value}`),
    NamedType: (node) => void names.add(node.name.value),
    EnumTypeDefinition: (node) => void names.add(node.name.value),
    EnumTypeExtension: (node) => void names.add(node.name.value),
  });
  return names;
}

/** Points the access link at the canonical names and takes off what the subgraph itself says of composing them. */
function withCanonicalLinks(node: DefinitionNode, access: Link, composeDirective: string): DefinitionNode {
  if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) return node;
  const composedNames = DIRECTIVES.flatMap((name) => [`@${localDirective(access, name)}`, `@${name}`]);
  const directives = node.directives
    ?.filter(
      (directive) =>
        directive.name.value !== composeDirective ||
        !composedNames.includes(textOf(argumentOf(directive, 'name')) ?? ''),
    )
    .map((directive) => (isLinkTo(directive, access) ? canonicalLink(directive) : directive));
  return { ...node, ...(directives === undefined ? {} : { directives }) };
}

function isLinkTo(directive: ConstDirectiveNode, access: Link): boolean {
  return (
    directive.name.value === access.node.name.value &&
    textOf(argumentOf(directive, 'url')) === textOf(argumentOf(access.node, 'url'))
  );
}

function canonicalLink(directive: ConstDirectiveNode): ConstDirectiveNode {
  const values = {
    url: '"https://contactpoint.example/access/v1.0"',
    import: `["@sensitivity", "@subject", "${CLASSES}"]`,
  };
  return {
    ...directive,
    arguments: Object.entries(values).map(([name, value]) => ({
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: name },
      value: parseConstValue(value, { noLocation: true }),
    })),
  };
}

function nameOf(node: DefinitionNode): string {
  if (node.kind === Kind.DIRECTIVE_DEFINITION) return `@${node.name.value}`;
  return 'name' in node && node.name !== undefined ? node.name.value : '';
}

/** Printed without descriptions: they may be translated. */
function bare(node: DefinitionNode): string {
  const { description: _said, ...rest } = node as DefinitionNode & { description?: unknown };
  return print(visit(rest as DefinitionNode, { enter: (each) => undescribed(each) }));
}

function undescribed<Node extends object>(node: Node): Node | undefined {
  if (!('description' in node) || node.description === undefined) return undefined;
  const { description: _said, ...rest } = node;
  return rest as Node;
}
