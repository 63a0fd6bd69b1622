import { runSubgraph } from '@contactpoint/subgraph-kit/subgraph';
import { accreditationSubgraph } from './definition.ts';

await runSubgraph(accreditationSubgraph);
