import { runSubgraph } from '@contactpoint/subgraph-kit/subgraph';
import { socialCareSubgraph } from './definition.ts';

await runSubgraph(socialCareSubgraph);
