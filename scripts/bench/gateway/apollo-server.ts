import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

/**
 * `@apollo/gateway` on Apollo Server as its documentation has it.
 *
 * @see https://www.apollographql.com/docs/apollo-server/using-federation/apollo-gateway-setup
 */
const port = Number(process.env['PORT']);
const supergraphSdl = readFileSync(process.env['SUPERGRAPH_FILE'] ?? '', 'utf8');
const server = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl }) });
await startStandaloneServer(server, { listen: { host: '127.0.0.1', port } });
// Apollo Server has no health check of its own.
createServer((_request, response) => response.end()).listen(port + 1, '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
