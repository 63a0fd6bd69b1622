import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type FieldDefinitionNode,
  Kind,
  parse,
  type TypeNode,
  valueFromASTUntyped,
} from 'graphql';
import type { Agency } from '../agencies.ts';

/** Names of which one alternative must be held in full. */
type Alternatives = readonly (readonly string[])[];

export interface Guards {
  readonly scopes: readonly Alternatives[];
  readonly policies: readonly Alternatives[];
}

/** What the agencies themselves say of each field, read from their SDL before anybody composed it. */
export interface WhatAgenciesSay {
  /** By coordinate. */
  readonly classes: ReadonlyMap<string, { readonly class: string; readonly minimal: boolean }>;
  /** Of a field of `Child`: whose record it shows. */
  readonly sectors: ReadonlyMap<string, string>;
  /** Everything that stands in the way of a coordinate; of an interface what stands in the way of any implementer. */
  guardsOf(coordinate: string): Guards;
}

const SECTORS: Readonly<Record<string, string>> = {
  directory: 'DIRECTORY',
  education: 'EDUCATION',
  health: 'HEALTH',
  'social-care': 'SOCIAL_CARE',
};

interface TypeRead {
  readonly directives: readonly ConstDirectiveNode[];
  readonly isInterface: boolean;
  readonly interfaces: readonly string[];
  readonly fields: Map<string, FieldDefinitionNode>;
}

export function readAgencies(agencies: readonly Agency[]): WhatAgenciesSay {
  const types = new Map<string, TypeRead>();
  const classes = new Map<string, { readonly class: string; readonly minimal: boolean }>();
  const sectors = new Map<string, string>();

  for (const { name, sdl } of agencies) {
    for (const node of parse(sdl).definitions) {
      if (!('name' in node) || node.name === undefined || !('directives' in node)) continue;
      const type = node.name.value;
      const known = types.get(type);
      const directives = (node.directives ?? []) as readonly ConstDirectiveNode[];
      const read: TypeRead = known ?? {
        directives,
        isInterface: node.kind === Kind.INTERFACE_TYPE_DEFINITION,
        interfaces: 'interfaces' in node ? (node.interfaces ?? []).map((each) => each.name.value) : [],
        fields: new Map(),
      };
      types.set(type, read);
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
      for (const field of node.fields ?? []) {
        const own = classOf(field.directives ?? []) ?? classOf(directives);
        read.fields.set(field.name.value, field);
        // A root field behind a scope or policy says nothing of anybody.
        classes.set(`${type}.${field.name.value}`, own ?? { class: 'REFERENCE', minimal: false });
        if (type === 'Child' && field.name.value !== 'id')
          sectors.set(`Child.${field.name.value}`, SECTORS[name] ?? name);
      }
    }
  }
  sectors.set('Child.id', 'DIRECTORY');
  return { classes, sectors, guardsOf: (coordinate) => guardsOf(types, coordinate) };
}

function guardsOf(types: ReadonlyMap<string, TypeRead>, coordinate: string): Guards {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const implementers = implementersOf(types, typeName);
  const field = types.get(typeName)?.fields.get(fieldName);
  const directives = [
    ...directivesOfType(types, typeName),
    ...(field?.directives ?? []),
    ...implementers.flatMap((each) => types.get(each)?.fields.get(fieldName)?.directives ?? []),
    ...(field === undefined ? [] : directivesOfType(types, namedType(field.type))),
  ];
  return {
    scopes: alternatives(directives, 'requiresScopes', 'scopes'),
    policies: alternatives(directives, 'policy', 'policies'),
  };
}

function directivesOfType(types: ReadonlyMap<string, TypeRead>, name: string): ConstDirectiveNode[] {
  return [name, ...implementersOf(types, name)].flatMap((each) => types.get(each)?.directives ?? []);
}

function implementersOf(types: ReadonlyMap<string, TypeRead>, name: string): string[] {
  if (types.get(name)?.isInterface !== true) return [];
  return [...types].filter(([, type]) => type.interfaces.includes(name)).map(([each]) => each);
}

function alternatives(directives: readonly ConstDirectiveNode[], name: string, argument: string) {
  return directives
    .filter((directive) => directive.name.value === name)
    .map((directive) => argumentOf(directive, argument) as Alternatives);
}

function classOf(directives: readonly ConstDirectiveNode[]) {
  const directive = directives.find((each) => each.name.value === 'sensitivity');
  if (directive === undefined) return undefined;
  return {
    class: String(argumentOf(directive, 'class')),
    minimal: argumentOf(directive, 'minimal') === true,
  };
}

function argumentOf(directive: ConstDirectiveNode, argument: string): unknown {
  const value: ConstValueNode | undefined = directive.arguments?.find(
    (each) => each.name.value === argument,
  )?.value;
  return value && valueFromASTUntyped(value);
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
