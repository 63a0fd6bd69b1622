import { type DirectiveNode, Kind, type ListValueNode, parse, print, visit } from 'graphql';

/** Directives that say who may read what: a gateway of others either refuses a supergraph with them or asks for tokens. */
const OURS = new Set([
  'authenticated',
  'requiresScopes',
  'policy',
  'sensitivity',
  'subject',
  'composeDirective',
]);

const ACCESS_SPECIFICATION = 'https://contactpoint.example/access/';

/** A subgraph's SDL with types and keys as they are, and nothing about access. */
export function plainSdl(sdl: string): string {
  const plain = visit(parse(sdl), {
    Directive(node) {
      if (OURS.has(node.name.value)) return null;
      if (node.name.value !== 'link') return undefined;
      return linkedUrl(node).startsWith(ACCESS_SPECIFICATION) ? null : undefined;
    },
    ListValue(node): ListValueNode {
      const values = node.values.filter(
        (value) => value.kind !== Kind.STRING || !OURS.has(value.value.replace('@', '')),
      );
      return { ...node, values };
    },
  });
  return print(plain);
}

function linkedUrl({ arguments: given = [] }: DirectiveNode): string {
  const url = given.find(({ name }) => name.value === 'url')?.value;
  return url?.kind === Kind.STRING ? url.value : '';
}
