import { runSubgraph } from '@contactpoint/subgraph-kit/subgraph';
import { educationSubgraph } from './definition.ts';

await runSubgraph(educationSubgraph);
