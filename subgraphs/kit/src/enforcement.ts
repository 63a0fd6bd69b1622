import { isMachinery, UnclassifiedFieldError } from '@contactpoint/access/classification';
import { isGranted, type Sensitivity } from '@contactpoint/access/sensitivity';
import {
  readSubgraphClassification,
  readSubgraphSubjectTypes,
} from '@contactpoint/access/subgraph-classification';
import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
} from 'graphql';
import type { OperationContext } from './context.ts';
import { enforceEntities } from './entities.ts';
import { isPromise, placeEach, type Reached, ROOT } from './reached.ts';
import { holdsScopes, type ScopeGuard, ScopeGuards } from './scope-guard.ts';
import { SubgraphError } from './subgraph-error.ts';

/**
 * Puts the decision before every resolver of a subgraph's schema, in place. A field whose class is not granted for the
 * child that it hangs on is null and its resolver does not run, by whichever way it was reached: entity, root field,
 * alias, fragment or list. What ran is noted for the journal.
 *
 * A class that is denied in silence can be feigned: its resolvers run, for the time that it takes, and what they give is
 * dropped and not noted.
 *
 * A root field runs whatever its class: a door decides for itself and grants with `grantChild`. The child it returns is
 * null unless something of it is granted.
 *
 * @param typeDefs The subgraph's own SDL, where a type's class is the default of its fields.
 * @throws UnclassifiedFieldError for a field that nobody classified; Error for a schema that cannot be enforced.
 */
export function enforceClasses(schema: GraphQLSchema, typeDefs: DocumentNode): void {
  const classification = readSubgraphClassification(typeDefs);
  const subjectTypes = readSubgraphSubjectTypes(typeDefs);
  const guards = new ScopeGuards(typeDefs);
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  const unclassified: string[] = [];

  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) enforceAbstract(schema, type, subjectTypes);
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    if (type.isTypeOf) throw new Error(`${type.name} has isTypeOf, which would see a placed object`);
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      if (isMachinery(coordinate, roots.has(type))) continue;
      const sensitivity = classification.get(coordinate);
      if (sensitivity === undefined) unclassified.push(coordinate);
      else
        enforceField(field, {
          coordinate,
          sensitivity,
          isRoot: roots.has(type),
          isKey: subjectTypes.has(type.name) && field.name === 'id',
          guards: guardsOf(field, coordinate, guards),
          returnsSubject: subjectTypes.has(getNamedType(field.type).name),
        });
    }
  }
  if (unclassified.length > 0) throw new UnclassifiedFieldError(unclassified);
  enforceEntities(schema, subjectTypes, guards);
}

interface FieldRule {
  readonly coordinate: string;
  readonly sensitivity: Sensitivity;
  readonly isRoot: boolean;
  /** The subject's own number: whoever may see anything of a child has it already. */
  readonly isKey: boolean;
  /** All of them must hold. */
  readonly guards: readonly ScopeGuard[];
  readonly returnsSubject: boolean;
}

type Resolver = GraphQLFieldResolver<unknown, OperationContext<unknown>>;

function enforceField(field: GraphQLField<unknown, OperationContext<unknown>>, rule: FieldRule): void {
  const resolve: Resolver = field.resolve ?? readProperty(field.name);
  const { coordinate, isRoot, guards, returnsSubject } = rule;
  const isLeaf = isLeafType(getNamedType(field.type));
  const { subscribe } = field;
  if (subscribe !== undefined)
    field.subscribe = (source, args, context, info) => {
      if (!guards.every((guard) => holdsScopes(guard, context.grant.scopes))) throw scopeMissing();
      return subscribe(source, args, context, info);
    };
  // Compiled queries read a field without resolver straight from its object: every field gets one.
  field.resolve = (source, args, context, info) => {
    const from = isRoot ? ROOT : (source as Reached);
    const readable = isRoot || isReadable(from, rule, context);
    if (!readable && !isFeigned(from, rule, context)) return null;
    if (!guards.every((guard) => holdsScopes(guard, context.grant.scopes))) throw scopeMissing();
    if (!readable) return dropped(resolve(from.value, args, context, info));

    context.noteResolved(from.subject, coordinate);
    const result = resolve(isRoot ? source : from.value, args, context, info);
    if (isLeaf) return result;

    const opened = from.opened || guards.length > 0 || (isRoot && rule.sensitivity.class !== 'REFERENCE');
    return placeEach(result, (value) =>
      returnsSubject
        ? placeSubject(value, context)
        : { value, subject: from.subject, opened, typeName: undefined },
    );
  };
}

function isReadable(from: Reached, rule: FieldRule, context: OperationContext<unknown>): boolean {
  if (rule.sensitivity.class === 'REFERENCE') return true;
  if (from.subject !== undefined)
    return rule.isKey || isGranted(context.granted(from.subject), rule.sensitivity);
  return from.opened || rule.guards.length > 0;
}

function isFeigned(
  { subject }: Reached,
  { sensitivity }: FieldRule,
  context: OperationContext<unknown>,
): boolean {
  return subject !== undefined && context.isFeigned(subject, sensitivity);
}

/** Waited for, and thrown away; an error stays one, for a child without anything would have it too. */
function dropped(result: unknown): PromiseLike<null> | null {
  return isPromise(result) ? result.then(() => null) : null;
}

/** A new person starts here: what was granted of another one, or opened by a door, counts no more. */
export function placeSubject(
  value: object,
  context: OperationContext<unknown>,
  typeName?: string,
): Reached | null {
  const { id } = value as { readonly id?: unknown };
  if (typeof id !== 'string' || Object.keys(context.granted(id)).length === 0) return null;
  return { value, subject: id, opened: false, typeName };
}

function guardsOf(
  field: GraphQLField<unknown, unknown>,
  coordinate: string,
  guards: ScopeGuards,
): ScopeGuard[] {
  const type = getNamedType(field.type);
  return [
    ...guards.of(field.astNode?.directives, coordinate),
    ...(isObjectType(type) ? guards.ofType(type) : []),
  ];
}

function readProperty(name: string): Resolver {
  return (source, args, context, info) => {
    const property = (source as Record<string, unknown>)[name];
    return typeof property === 'function' ? property.call(source, args, context, info) : property;
  };
}

function scopeMissing(): SubgraphError {
  return new SubgraphError('UNAUTHORIZED_FIELD_OR_TYPE', 'A scope is missing', { reason: 'SCOPE' });
}

/** Abstract types know their concrete one from the plain object; behind one of them no subject may hide. */
function enforceAbstract(
  schema: GraphQLSchema,
  type: Parameters<GraphQLSchema['getPossibleTypes']>[0],
  subjectTypes: ReadonlySet<string>,
): void {
  if (type.name === '_Entity') return;
  const possible: readonly GraphQLObjectType[] = schema.getPossibleTypes(type);
  if (possible.some(({ name }) => subjectTypes.has(name)))
    throw new Error(`${type.name} may be a data subject, which cannot be enforced behind an abstract type`);
  const resolveType = type.resolveType;
  type.resolveType = (source: Reached, context, info, abstract) =>
    resolveType
      ? resolveType(source.value, context, info, abstract)
      : (source.value as { readonly __typename?: string }).__typename;
}
