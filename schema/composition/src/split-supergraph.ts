import { type ConstDirectiveNode, type ConstValueNode, type DocumentNode, Kind } from 'graphql';
import { ACCESS, argumentOf, readLinks, specifiedDirective } from './link.ts';
import {
  type AppliedDirective,
  type FieldDefinition,
  readTypes,
  type Subgraph,
  type TypeDefinition,
} from './subgraph.ts';

/** Specifications whose directives stay on what they stand on in a subgraph; a supergraph links each by itself. */
const KEPT: ReadonlySet<string> = new Set([
  ACCESS,
  'https://specs.apollo.dev/authenticated',
  'https://specs.apollo.dev/requiresScopes',
  'https://specs.apollo.dev/policy',
]);

/** Federation's directives by the argument of `@join__field` that composition makes of them. */
const JOINED: ReadonlyMap<string, string> = new Map([
  ['requires', 'requires'],
  ['provides', 'provides'],
  ['override', 'override'],
  ['contextArguments', 'fromContext'],
  ['external', 'external'],
]);

/**
 * Takes a supergraph apart again, into what each subgraph gives it: what is refused of subgraphs when they are composed
 * can then be refused of a supergraph that somebody else composed. What composition merged stays merged: guards and
 * `@subject` stand on every subgraph's part. What does not say whose it is counts as everybody's.
 *
 * @param names Name of each subgraph by its value of `join__Graph`.
 * @see https://specs.apollo.dev/join/v0.5
 */
export function splitSupergraph(
  document: DocumentNode,
  names: ReadonlyMap<string, string>,
): readonly Subgraph[] {
  const links = readLinks(document).filter(({ identity }) => KEPT.has(identity));
  const types = readTypes(document, (local) => {
    for (const link of links) {
      const specified = specifiedDirective(link, local);
      if (specified !== undefined) return specified;
    }
    return undefined;
  });
  const isPartOf = (graph: string, part: Joined, directive: string) => {
    const stated = joins(part, directive).flatMap((node) => graphOf(node) ?? []);
    const known = stated.filter((each) => names.has(each));
    return known.length === 0 || known.includes(graph);
  };
  return [...names].map(([graph, name]) => {
    const own = [...types.values()].filter((type) => isPartOf(graph, type, 'join__type'));
    const fieldsOf = (type: TypeDefinition) =>
      [...type.fields.values()].filter((field) => isPartOf(graph, field, 'join__field'));
    return { name, types: new Map(own.map((type) => [type.name, partOf(graph, type, fieldsOf(type))])) };
  });
}

interface Joined {
  readonly directives: readonly AppliedDirective[];
}

function partOf(graph: string, type: TypeDefinition, fields: readonly FieldDefinition[]): TypeDefinition {
  const directives = [...type.directives];
  for (const join of joins(type, 'join__type')) {
    if (graphOf(join) !== graph) continue;
    const key = argumentOf(join, 'key');
    if (key !== undefined) directives.push(restored('key', key));
    if (isTrue(join, 'isInterfaceObject')) directives.push(restored('interfaceObject'));
  }
  return {
    ...type,
    directives,
    fields: new Map(fields.map((field) => [field.name, joinedField(graph, field)])),
  };
}

function joinedField(graph: string, field: FieldDefinition): FieldDefinition {
  const own = joins(field, 'join__field').filter((join) => (graphOf(join) ?? graph) === graph);
  const lost = own.flatMap((join) =>
    (join.arguments ?? []).flatMap(({ name: { value: argument } }) => {
      const directive = JOINED.get(argument);
      const isMeant = argument !== 'external' || isTrue(join, argument);
      return directive === undefined || !isMeant ? [] : [restored(directive)];
    }),
  );
  return lost.length === 0 ? field : { ...field, directives: [...field.directives, ...lost] };
}

/** A directive of federation's as the subgraph had it, as far as the checks read it. */
function restored(name: string, fields?: ConstValueNode): AppliedDirective {
  const argument = { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'fields' } } as const;
  return {
    name,
    specified: true,
    node: {
      kind: Kind.DIRECTIVE,
      name: { kind: Kind.NAME, value: name },
      arguments: fields === undefined ? [] : [{ ...argument, value: fields }],
    },
  };
}

function joins({ directives }: Joined, name: string): ConstDirectiveNode[] {
  return directives.filter(({ node }) => node.name.value === name).map(({ node }) => node);
}

function graphOf(join: ConstDirectiveNode): string | undefined {
  const graph = argumentOf(join, 'graph');
  return graph?.kind === Kind.ENUM ? graph.value : undefined;
}

function isTrue(join: ConstDirectiveNode, name: string): boolean {
  const value = argumentOf(join, name);
  return value?.kind === Kind.BOOLEAN && value.value;
}
