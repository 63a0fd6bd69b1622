import type { GrantKey } from '@contactpoint/access/grant';
import type { FastifyInstance } from 'fastify';
import type { GraphQLResolveInfo, GraphQLScalarType } from 'graphql';
import type { SubgraphContext } from './context.ts';
import type { Store } from './store.ts';

/** What a subgraph is made of; the kit adds the server, grants, class enforcement and the journal. */
export interface SubgraphDefinition<Loaders> {
  /** `health`; also the audience of its grants. */
  readonly name: string;
  /** SDL of the subgraph, without the definitions of the domain's directives. */
  readonly typeDefs: string;
  /**
   * Resolvers by type. A field without one is read from its object. They see the plain objects that other resolvers
   * returned; who may read a field is decided before they run.
   */
  readonly resolvers: Resolvers<Loaders>;
  /** Folder of `0001-name.sql` files; `0000` is the kit's own. */
  readonly migrations: URL;
  /**
   * True where gateways believe answers of this subgraph for a while: what its tables announce by `announce_change` is
   * then pushed to them over Redis.
   */
  readonly pushesChanges?: boolean;
  /**
   * Whether PostgreSQL plans each statement once, for whatever values, which spares it making a plan that takes longer than what
   * is planned. For statements whose best plan is the same for all values: none that limits its rows by a parameter, or
   * looks for what some have a hundred thousand of.
   */
  readonly plansOnce?: boolean;
  /** Called once per GraphQL operation. */
  createLoaders(store: Store): Loaders;
  /** Routes beside `/graphql`, `/health` and `/metrics`. */
  routes?(app: FastifyInstance, services: SubgraphServices): void;
  /** Awaited before the subgraph listens. */
  onReady?(services: SubgraphServices): Promise<void> | void;
}

export interface SubgraphServices {
  readonly store: Store;
  /** The first one signs, all verify. */
  readonly grants: readonly GrantKey[];
  readonly clock: () => Date;
}

/** Resolver map as graphql-tools has it. */
export type Resolvers<Loaders> = Readonly<Record<string, GraphQLScalarType | TypeResolvers<Loaders>>>;

export interface TypeResolvers<Loaders> {
  __resolveReference?: ReferenceResolver<Loaders>;
  [field: string]: FieldResolver<Loaders> | EventResolver<Loaders> | undefined;
}

/**
 * `(source, args, context, info)`. Source and arguments are what the schema says they are, which TypeScript cannot
 * see: the method's bivariance lets a resolver name their types.
 */
export type FieldResolver<Loaders> = {
  resolve(
    source: unknown,
    args: object,
    context: SubgraphContext<Loaders>,
    info: GraphQLResolveInfo,
  ): unknown;
}['resolve'];

/**
 * Of a field of `Subscription`. A door decides for each event anew, in `resolve`: what `subscribe` decided is from before.
 * An event says who, by number: what there is to know of the child is asked for by the gateway when the event is there.
 */
export interface EventResolver<Loaders> {
  /**
   * `(source, args, context, info)`: what happens. It is told by `return()` that nobody listens any more, and has to end then:
   * `on` of `node:events` does, a generator that waits for something else only when that comes.
   */
  readonly subscribe: FieldResolver<Loaders>;
  /** Makes the field's value of what `subscribe` gave; read from it where there is none. */
  readonly resolve?: FieldResolver<Loaders>;
}

/** `(representation, context)`: the entity, or null when there is none. */
export type ReferenceResolver<Loaders> = {
  resolve(representation: object, context: SubgraphContext<Loaders>): unknown;
}['resolve'];
