import { runSubgraph } from '@contactpoint/subgraph-kit/subgraph';
import { healthSubgraph } from './definition.ts';

await runSubgraph(healthSubgraph);
