import { runSubgraph } from '@contactpoint/subgraph-kit/subgraph';
import { directorySubgraph } from './definition.ts';

await runSubgraph(directorySubgraph);
