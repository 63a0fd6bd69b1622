import { buildSubgraphSchema } from '@apollo/subgraph';
import { BATCH_DECLARATION, batchRoute } from '@contactpoint/subgraph-kit/batch-route';
import fastify from 'fastify';
import { parse } from 'graphql';
import { mercurius } from 'mercurius';
import { countRequests } from '../count-requests.ts';
import { SHOP, type ShopName } from './graph.ts';

/**
 * One subgraph of the shop as a process: `main.ts reviews`, on the port in `PORT`. It takes batches as subgraphs of the kit do,
 * and says so to every gateway alike.
 */
const { typeDefs, resolvers } = SHOP[process.argv[2] as ShopName];
const app = fastify();
countRequests(app);
await app.register(mercurius, {
  schema: buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers }]),
  jit: 1,
});
app.addHook('onRequest', async (_request, reply) => void reply.headers(BATCH_DECLARATION));
batchRoute(app, async (operation) => {
  const { query, variables } = operation as { readonly query: string; readonly variables?: object };
  return await app.graphql(query, undefined, variables);
});
app.get('/health', async () => ({ status: 'ok' }));
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
process.once('SIGTERM', () => process.exit(0));
