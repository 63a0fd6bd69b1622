import { type GraphQLObjectType, type GraphQLSchema, isObjectType, isUnionType } from 'graphql';
import type { OperationContext } from './context.ts';
import type { ReferenceResolver } from './definition.ts';
import type { Reached } from './reached.ts';
import { holdsScopes, type ScopeGuard, type ScopeGuards } from './scope-guard.ts';
import { SubgraphError } from './subgraph-error.ts';

/**
 * Replaces `Query._entities` of the built schema, in place. A representation of a child of whom nothing is granted is
 * answered null without running its resolver; so is one of a type whose scopes are not held. The child is the one that
 * the representation names: a resolver that returns another one's object is answered null as well.
 *
 * @see https://www.apollographql.com/docs/federation/subgraph-spec#understanding-query_entities
 */
export function enforceEntities(
  schema: GraphQLSchema,
  subjectTypes: ReadonlySet<string>,
  guards: ScopeGuards,
): void {
  const field = schema.getQueryType()?.getFields()._entities;
  const union = schema.getType('_Entity');
  if (field === undefined || !isUnionType(union)) return;
  const entities = new Map<string, Entity>(
    union.getTypes().map((type) => [
      type.name,
      {
        name: type.name,
        isSubject: subjectTypes.has(type.name),
        guards: guards.ofType(type),
        resolveReference: referenceResolver(type),
      },
    ]),
  );

  union.resolveType = (source: Reached) => source.typeName;
  field.resolve = async (_source, { representations }, context) =>
    await Promise.all(
      (representations as readonly unknown[]).map(async (representation) => {
        try {
          const entity = entityOf(representation, entities);
          return await resolveEntity(entity, representation as Representation, context);
        } catch (cause) {
          // One entity's error is its own: as a value it becomes an error at its place in the list.
          return cause instanceof Error
            ? cause
            : new Error('A resolver threw something that is no error', { cause });
        }
      }),
    );
}

interface Entity {
  readonly name: string;
  readonly isSubject: boolean;
  readonly guards: readonly ScopeGuard[];
  readonly resolveReference: ReferenceResolver<unknown> | undefined;
}

interface Representation {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

async function resolveEntity(
  entity: Entity,
  representation: Representation,
  context: OperationContext<unknown>,
): Promise<Reached | null> {
  const { scopes } = context.grant;
  if (!entity.guards.every((guard) => holdsScopes(guard, scopes))) return null;
  const subject = entity.isSubject ? representation.id : undefined;
  if (entity.isSubject && !isGrantedAnything(subject, context)) return null;

  // Of a child only the number counts: other fields of a representation would come back as if we held them.
  const reference = entity.isSubject ? { __typename: entity.name, id: subject as string } : representation;
  const value = entity.resolveReference ? await entity.resolveReference(reference, context) : reference;
  if (value === null || value === undefined) return null;
  if (value instanceof Error) throw value;
  if (typeof value !== 'object') throw new Error(`${entity.name}.__resolveReference gave no object`);
  if (entity.isSubject && (value as Representation).id !== subject)
    throw new Error(`${entity.name}.__resolveReference gave another subject`);
  return {
    value,
    subject: entity.isSubject ? (subject as string) : undefined,
    opened: entity.guards.length > 0,
    typeName: entity.name,
  };
}

function isGrantedAnything(subject: unknown, context: OperationContext<unknown>): boolean {
  return typeof subject === 'string' && Object.keys(context.granted(subject)).length > 0;
}

function entityOf(representation: unknown, entities: ReadonlyMap<string, Entity>): Entity {
  const name = (representation as Partial<Representation> | null)?.__typename;
  const entity = typeof name === 'string' ? entities.get(name) : undefined;
  if (entity === undefined)
    throw new SubgraphError('BAD_USER_INPUT', 'A representation is of no entity type');
  return entity;
}

function referenceResolver(type: GraphQLObjectType): ReferenceResolver<unknown> | undefined {
  if (!isObjectType(type)) return undefined;
  const { apollo } = type.extensions as {
    readonly apollo?: { readonly subgraph?: { readonly resolveReference?: ReferenceResolver<unknown> } };
  };
  return apollo?.subgraph?.resolveReference;
}
