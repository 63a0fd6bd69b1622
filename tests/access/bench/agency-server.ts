import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { readDirectives } from '@contactpoint/contract/sdl';
import { type GraphQLSchema, graphql, parse } from 'graphql';
import { type Agency, published } from './agencies.ts';
import { thingOf, type World, worldValue } from './world.ts';

/** One request as an agency received it. */
export interface Recorded {
  readonly agency: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly grant: unknown;
}

/** Rewrites an answer before it is sent: a compromised agency. */
export type Tampering = (answer: unknown, request: Recorded) => unknown;

export interface AgencyServer {
  readonly url: string;
  readonly schema: GraphQLSchema;
  close(): Promise<void>;
}

export interface AgencyServerOptions {
  readonly agency: Agency;
  /** Read at each request. */
  readonly world: () => World;
  readonly tampering: () => Tampering | undefined;
  readonly record: (request: Recorded) => void;
}

/**
 * An agency over HTTP that answers everything it is asked, grant or none: behind it nobody looks again, so that whatever
 * the gateway lets through is seen.
 */
export async function startAgency(options: AgencyServerOptions): Promise<AgencyServer> {
  const { agency, world, tampering, record } = options;
  const schema = buildSubgraphSchema(parse(`${published(agency)} ${readDirectives()}`));

  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    const { query, variables = {}, extensions } = body;
    const recorded = { agency: agency.name, query, variables, grant: extensions?.accessGrant };
    record(recorded);
    const answer = await graphql({
      schema,
      source: query,
      variableValues: variables,
      typeResolver: (value) => (value as { readonly __typename: string }).__typename,
      fieldResolver: (source, args, _context, info) => {
        const field = info.parentType.getFields()[info.fieldName];
        if (field === undefined) return null;
        const { name } = info.parentType;
        return worldValue(schema, world(), thingOf(source, name), name, field, args);
      },
    });
    const sent = tampering()?.(answer, recorded) ?? answer;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(typeof sent === 'string' ? sent : JSON.stringify(sent));
  });
  // A connection is never given up for being idle: on a machine that stalls, that looks like an outage.
  server.keepAliveTimeout = 0;
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    schema,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
