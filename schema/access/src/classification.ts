import {
  type ConstDirectiveNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  introspectionTypes,
  isInterfaceType,
  isObjectType,
  Kind,
} from 'graphql';
import {
  ACCESS_SPECIFICATION,
  ACCESS_VERSION,
  argument,
  authorizationNames,
  linkedNames,
} from './linked-directive.ts';
import { SENSITIVITY_CLASSES, type Sensitivity, type SensitivityClass } from './sensitivity.ts';

/** Sensitivity by schema coordinate, `Child.conditions`. */
export type Classification = ReadonlyMap<string, Sensitivity>;

/** Coordinates that no single `@sensitivity` stands on. */
export class UnclassifiedFieldError extends Error {
  override readonly name = 'UnclassifiedFieldError';
  readonly coordinates: readonly string[];

  constructor(coordinates: readonly string[]) {
    super(`Fields without exactly one @sensitivity: ${coordinates.join(', ')}`);
    this.coordinates = coordinates;
  }
}

/**
 * Reads `@sensitivity` from every field. Types carry none any more: each subgraph's defaults were written onto
 * its own fields before composition, which would have kept one default for the whole entity.
 *
 * A root field that carries only `@requiresScopes` or `@policy` is REFERENCE here: it describes no person that a class
 * could be decided for, and its guard is enforced by coordinate-rules.ts.
 *
 * @param supergraph Built from the supergraph SDL. The API schema will not do: it has no directives.
 * @throws UnclassifiedFieldError naming every field that has none, not only the first.
 */
export function readClassification(supergraph: GraphQLSchema): Classification {
  const names = directiveNames(schemaDirectives(supergraph));
  const roots = new Set(
    [supergraph.getQueryType(), supergraph.getMutationType(), supergraph.getSubscriptionType()].map(
      (type) => type?.name,
    ),
  );
  const classification = new Map<string, Sensitivity>();
  const unclassified: string[] = [];

  for (const type of Object.values(supergraph.getTypeMap())) {
    if (!hasFields(type)) continue;
    const isRoot = roots.has(type.name);
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      if (isMachinery(coordinate, isRoot)) continue;
      const sensitivity = sensitivityOfField(field.astNode?.directives ?? [], names, isRoot);
      if (sensitivity === undefined) unclassified.push(coordinate);
      else classification.set(coordinate, sensitivity);
    }
  }

  if (unclassified.length > 0) throw new UnclassifiedFieldError(unclassified);
  return classification;
}

/** Names of the types whose key names one person: `@subject`. */
export function readSubjectTypes(schema: GraphQLSchema): ReadonlySet<string> {
  const { subject } = directiveNames(schemaDirectives(schema));
  const subjects = Object.values(schema.getTypeMap()).filter(
    (type) =>
      hasFields(type) &&
      [type.astNode, ...type.extensionASTNodes].some((node) =>
        node?.directives?.some((directive) => subject.has(directive.name.value)),
      ),
  );
  return new Set(subjects.map((type) => type.name));
}

/** The names under which one document knows the directives that classify or guard a field. */
export interface DirectiveNames {
  readonly sensitivity: ReadonlySet<string>;
  readonly subject: ReadonlySet<string>;
  /** `@requiresScopes` and `@policy`, by Federation's own link (subgraphs) or a link each (supergraphs). */
  readonly guards: ReadonlySet<string>;
}

export function directiveNames(schema: readonly ConstDirectiveNode[]): DirectiveNames {
  return {
    sensitivity: linkedNames(schema, ACCESS_SPECIFICATION, 'sensitivity', ACCESS_VERSION),
    subject: linkedNames(schema, ACCESS_SPECIFICATION, 'subject', ACCESS_VERSION),
    guards: new Set([
      ...authorizationNames(schema, 'requiresScopes'),
      ...authorizationNames(schema, 'policy'),
    ]),
  };
}

/** Directives on the schema definition and its extensions, where `@link` stands. */
export function schemaDirectives(schema: GraphQLSchema): ConstDirectiveNode[] {
  return [schema.astNode, ...schema.extensionASTNodes].flatMap((node) => node?.directives ?? []);
}

/** Undefined also where two applications differ: neither of two classes is the field's. */
export function readSensitivity(
  directives: readonly ConstDirectiveNode[],
  names: ReadonlySet<string>,
): Sensitivity | undefined {
  const [first, ...others] = directives
    .filter((directive) => names.has(directive.name.value))
    .map(sensitivityOf);
  const agreed = others.every((other) => other?.class === first?.class && other?.minimal === first?.minimal);
  return agreed ? first : undefined;
}

/**
 * Undefined where the field has no class. One that is stated and cannot be read is none: neither the type's default nor
 * a guard stands in for it, since either would open what somebody meant to close.
 *
 * @param inherited Default of the field's type, where the document has such defaults.
 */
export function sensitivityOfField(
  directives: readonly ConstDirectiveNode[],
  names: DirectiveNames,
  isRoot: boolean,
  inherited?: Sensitivity,
): Sensitivity | undefined {
  const has = (those: ReadonlySet<string>) => directives.some(({ name }) => those.has(name.value));
  if (has(names.sensitivity)) return readSensitivity(directives, names.sensitivity);
  return inherited ?? (isRoot && has(names.guards) ? { class: 'REFERENCE', minimal: false } : undefined);
}

/**
 * Whether federation or introspection adds the field, so that no agency could classify it. Named one by one: by prefix, a
 * type called `join__Diagnosis` would pass for machinery.
 */
export function isMachinery(coordinate: string, isRoot: boolean): boolean {
  const [type, field] = coordinate.split('.');
  if (isRoot) return field === '_service' || field === '_entities';
  return coordinate === '_Service.sdl' || introspectionTypes.some(({ name }) => name === type);
}

function sensitivityOf(directive: ConstDirectiveNode): Sensitivity | undefined {
  const name = argument(directive, 'class');
  const minimal = argument(directive, 'minimal');
  if (name?.kind !== Kind.ENUM || !isSensitivityClass(name.value)) return undefined;
  return { class: name.value, minimal: minimal?.kind === Kind.BOOLEAN && minimal.value };
}

function isSensitivityClass(name: string): name is SensitivityClass {
  return (SENSITIVITY_CLASSES as readonly string[]).includes(name);
}

function hasFields(type: unknown): type is GraphQLObjectType | GraphQLInterfaceType {
  return isObjectType(type) || isInterfaceType(type);
}
