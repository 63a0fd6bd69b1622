import type { ServerResponse } from 'node:http';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import type { Executor, ExecutorOptions } from '../execution.ts';
import { createExecutor } from '../executor.ts';
import { type StubSubgraph, startStubSubgraph } from './stub-subgraph.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';

/** A subgraph that tells when a pupil moves, and another one that knows things about pupils. */
const SDL = {
  school: `${LINK}
    type Query { pupil(id: ID!): Pupil }
    type Subscription { moved(class: ID): Move notice: String }
    type Move { at: String pupil: Pupil others: [Pupil!] who: Person }
    union Person = Pupil | Guest
    type Guest { label: String }
    type Pupil @key(fields: "id") { id: ID! name: String house(short: Boolean): String }`,
  health: `${LINK}
    type Query { wards: Int }
    type Pupil @key(fields: "id") { id: ID! allergies: [String!] }`,
};

const known = (id: string) => ({
  id,
  name: `Name of ${id}`,
  house: ({ short }: { readonly short?: boolean }) => (short ? 'N' : 'North'),
  allergies: [`nuts ${id}`],
});

const RESOLVERS = { Pupil: { __resolveReference: ({ id }: { readonly id: string }) => known(id) } };

export interface Ward {
  readonly executor: Executor;
  readonly school: StubSubgraph;
  readonly health: StubSubgraph;
  /** Of the stream that was opened last. */
  readonly stream: () => ServerResponse;
  close(): Promise<void>;
}

/** Streams stay open and silent until the test writes on them. */
export async function openWard(options: Partial<ExecutorOptions> = {}): Promise<Ward> {
  const built = (name: 'school' | 'health') =>
    buildSubgraphSchema([{ typeDefs: parse(SDL[name]), resolvers: RESOLVERS as never }]);
  const school = await startStubSubgraph(built('school'));
  const health = await startStubSubgraph(built('health'));
  const { supergraphSdl, errors } = composeServices(
    (['school', 'health'] as const).map((name) => ({
      name,
      url: `http://${name}.example/graphql`,
      typeDefs: parse(SDL[name]),
    })),
  );
  if (supergraphSdl === undefined) throw new Error(errors?.map((it) => it.message).join('\n'));
  const executor = createExecutor({
    supergraphSdl,
    endpoints: { school: school.url, health: health.url },
    subjectTypes: new Set(['Pupil']),
    ...options,
  });
  return {
    executor,
    school,
    health,
    stream: () => {
      const stream = school.streams.at(-1);
      if (stream === undefined) throw new Error('No stream was opened');
      return stream;
    },
    async close() {
      await executor.close();
      await Promise.all([school.close(), health.close()]);
    },
  };
}

/** As GraphQL over SSE has it. */
export function sendNext(stream: ServerResponse, answer: object): void {
  stream.write(`event: next\ndata: ${JSON.stringify(answer)}\n\n`);
}
