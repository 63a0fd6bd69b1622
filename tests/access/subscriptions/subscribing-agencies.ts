import { EventEmitter, on } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compose } from '@contactpoint/composition/compose';
import { CONTRACT_SUBGRAPHS, readContract } from '@contactpoint/contract/sdl';
import { directorySubgraph } from '@contactpoint/directory/definition';
import { child } from '@contactpoint/directory/doors/child';
import { readGrantKeys } from '@contactpoint/subgraph-kit/grant-keys';
import { connect, KIT_MIGRATIONS } from '@contactpoint/subgraph-kit/store';
import { buildSubgraph, type SubgraphDefinition } from '@contactpoint/subgraph-kit/subgraph';
import { startTestSubgraph, TEST_KEYS } from '@contactpoint/subgraph-kit/testing';
import type { TestSystem } from '../../running-system.ts';

/** The directory with a way to be told of children, and an agency of its own that tells of closed schools. */
export interface SubscribingAgencies {
  /** Something happened to a child: everybody hears of it who subscribed to the child, or to any. */
  changed(childId: string): void;
  closed(school: string): void;
  /** How many streams the directory holds. */
  listening(): number;
  /** Settings of a gateway that knows both. */
  readonly settings: Readonly<Record<string, string>>;
  /** Breaks off what `closures` tells, and everything else of it. */
  stopClosures(): Promise<void>;
  stop(): Promise<void>;
}

const CHANGES = /* GraphQL */ `
  type Subscription {
    childChanged(id: ID!): Change @authenticated @sensitivity(class: IDENTITY)
    anyChange: Change @authenticated @sensitivity(class: IDENTITY)
    sealed: Change @authenticated @requiresScopes(scopes: [["nobody:has"]]) @sensitivity(class: IDENTITY)
  }
  type Change @sensitivity(class: IDENTITY) {
    at: String
    child: Child
  }
`;

const CLOSURES = /* GraphQL */ `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@composeDirective"])
    @link(url: "https://contactpoint.example/access/v1.0", import: ["@sensitivity", "@subject", "SensitivityClass"])
    @composeDirective(name: "@sensitivity")
    @composeDirective(name: "@subject")
  type Query { closures: [Closure!] @authenticated @sensitivity(class: REFERENCE) }
  type Subscription { schoolClosed: Closure @authenticated @sensitivity(class: REFERENCE) }
  type Closure @sensitivity(class: REFERENCE) { school: String because: String }
`;

export async function startSubscribingAgencies(system: TestSystem): Promise<SubscribingAgencies> {
  const happenings = new EventEmitter();
  happenings.setMaxListeners(0);
  const change = ([id]: [string], _args: object, context: object) => ({
    at: '2026-01-02T12:00:00Z',
    // The door of the directory itself, anew for each event.
    child: () => child(undefined, { id }, context as never),
  });

  const directory = {
    ...directorySubgraph,
    pushesChanges: false,
    typeDefs: directorySubgraph.typeDefs + CHANGES,
    resolvers: {
      ...directorySubgraph.resolvers,
      Subscription: {
        childChanged: {
          subscribe: (_root: unknown, { id }: { readonly id: string }) => on(happenings, id),
          resolve: change,
        },
        anyChange: { subscribe: () => on(happenings, 'any'), resolve: change },
      },
    },
  } as unknown as SubgraphDefinition<unknown>;
  const store = connect(system.databases.directory);
  const grants = readGrantKeys(join(system.secrets.grantKeys, 'directory.json'));
  const directoryApp = await buildSubgraph(directory, { store, grants, clock: () => new Date() });
  const directoryUrl = await directoryApp.listen({ host: '127.0.0.1', port: 0 });

  const closures = await startTestSubgraph({
    name: 'closures',
    typeDefs: CLOSURES,
    migrations: KIT_MIGRATIONS,
    createLoaders: () => ({}),
    resolvers: {
      Query: { closures: () => [] },
      Subscription: {
        schoolClosed: {
          subscribe: () => on(happenings, 'closed'),
          resolve: ([school]: [string]) => ({ school, because: 'snow' }),
        },
      },
    },
  } as unknown as SubgraphDefinition<object>);
  let isStopped = false;
  const closuresUrl = await closures.app.listen({ host: '127.0.0.1', port: 0 });

  const keys = join(system.data, 'subscribing-keys');
  cpSync(system.secrets.grantKeys, keys, { recursive: true });
  const [{ kid, secret }] = TEST_KEYS as unknown as [{ readonly kid: string; readonly secret: Uint8Array }];
  const ring = { keys: [{ kid, secret: Buffer.from(secret).toString('base64url') }] };
  writeFileSync(join(keys, 'closures.json'), JSON.stringify(ring), { mode: 0o600 });

  const supergraph = join(system.data, 'subscribing.graphql');
  const composed = compose([
    ...CONTRACT_SUBGRAPHS.map((name) => ({
      name,
      url:
        name === 'directory' ? `${directoryUrl}/graphql` : `http://127.0.0.1:${system.ports[name]}/graphql`,
      sdl: readContract(name) + (name === 'directory' ? CHANGES : ''),
    })),
    { name: 'closures', url: `${closuresUrl}/graphql`, sdl: CLOSURES },
  ]);
  if (composed.errors !== undefined)
    throw new Error(composed.errors.map(({ message }) => message).join('\n'));
  writeFileSync(supergraph, composed.supergraphSdl);

  return {
    changed(childId) {
      happenings.emit(childId, childId);
      happenings.emit('any', childId);
    },
    closed: (school) => void happenings.emit('closed', school),
    listening: () => happenings.eventNames().reduce((sum, name) => sum + happenings.listenerCount(name), 0),
    settings: { SUPERGRAPH_FILE: supergraph, GRANT_KEYS_FOLDER: keys },
    async stopClosures() {
      isStopped = true;
      await closures.stop();
    },
    async stop() {
      if (!isStopped) await closures.stop();
      await directoryApp.close();
      await store.end({ timeout: 5 });
    },
  };
}
