import type { GrantClaims } from '@contactpoint/access/grant';
import type { FastifyInstance } from 'fastify';
import { type BuildOptions, buildSubgraph } from '../build.ts';
import type { SubgraphDefinition } from '../definition.ts';
import { connect, KIT_MIGRATIONS, migrate, type Store } from '../store.ts';
import { createTestDatabase } from './database.ts';
import { TEST_KEYS, testGrant } from './grant.ts';

export interface TestSubgraph {
  readonly app: FastifyInstance;
  readonly store: Store;
  /** Closes the server and drops its database. */
  stop(): Promise<void>;
}

/** Names of the subgraphs that tests built: the audience of the grants that `ask` signs. */
const names = new WeakMap<FastifyInstance, string>();

/** A subgraph on a database of its own, migrated and empty, that takes grants under `TEST_KEYS`. */
export async function startTestSubgraph<Loaders>(
  definition: SubgraphDefinition<Loaders>,
  options: Partial<BuildOptions> = {},
): Promise<TestSubgraph> {
  const database = await createTestDatabase();
  const store = connect(database.url, { plansOnce: definition.plansOnce ?? false });
  await migrate(store, KIT_MIGRATIONS);
  await migrate(store, definition.migrations);
  const app = await buildSubgraph(definition, {
    store,
    grants: TEST_KEYS,
    clock: () => new Date(),
    ...options,
  });
  names.set(app, definition.name);
  return {
    app,
    store,
    async stop() {
      await app.close();
      await store.end({ timeout: 5 });
      await database.drop();
    },
  };
}

export type Question = Partial<GrantClaims> & {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
};

// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test is about to assert
export type TestData = any;

export interface TestAnswer {
  readonly status: number;
  readonly data?: TestData;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
  }[];
}

/**
 * Asks one operation with a good grant, whose claims the question may override: `children`, `scopes`, `role` …
 *
 * @param app From `startTestSubgraph`, or any other app when `aud` names the subgraph.
 */
export async function ask(
  app: FastifyInstance,
  { query, variables = {}, ...claims }: Question,
): Promise<TestAnswer> {
  const aud = claims.aud ?? names.get(app);
  if (aud === undefined) throw new Error('The question needs the name of the subgraph, `aud`');
  const accessGrant = await testGrant(TEST_KEYS, { ...claims, aud, query, variables });
  return await post(app, { query, variables, extensions: { accessGrant } });
}

/** Sends a body as it stands. */
export async function post(app: FastifyInstance, body: object): Promise<TestAnswer> {
  const response = await app.inject({ method: 'POST', url: '/graphql', payload: body });
  return { status: response.statusCode, ...response.json<Omit<TestAnswer, 'status'>>() };
}
