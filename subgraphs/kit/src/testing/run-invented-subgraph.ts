import { setTimeout as sleep } from 'node:timers/promises';
import { runSubgraph } from '../subgraph.ts';
import { inventedSubgraph } from './invented-subgraph.ts';

/** A process for tests of starting and stopping; `slow` takes longer than a signal needs to arrive. */
await runSubgraph({
  ...inventedSubgraph,
  typeDefs: inventedSubgraph.typeDefs.replace(
    'failing: String',
    'slow: String @sensitivity(class: REFERENCE) failing: String',
  ),
  resolvers: {
    ...inventedSubgraph.resolvers,
    Query: {
      ...inventedSubgraph.resolvers.Query,
      slow: async () => {
        process.stdout.write('slow has begun\n');
        await sleep(500);
        return 'done';
      },
    },
  },
});
