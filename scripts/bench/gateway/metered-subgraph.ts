import { operationDigest, signGrant } from '@contactpoint/access/grant';
import { SENSITIVITY_CLASSES } from '@contactpoint/access/sensitivity';
import { accreditationSubgraph } from '@contactpoint/accreditation/definition';
import { directorySubgraph } from '@contactpoint/directory/definition';
import { educationSubgraph } from '@contactpoint/education/definition';
import { healthSubgraph } from '@contactpoint/health/definition';
import { socialCareSubgraph } from '@contactpoint/social-care/definition';
import type { SubgraphDefinition, SubgraphServices } from '@contactpoint/subgraph-kit/definition';
import { runSubgraph } from '@contactpoint/subgraph-kit/subgraph';
import type { FastifyInstance } from 'fastify';
import { BENCH_CALLER } from './bench-caller.ts';
import { countRequests } from './count-requests.ts';
import { rememberAnswers } from './remembered-answers.ts';

/**
 * One of our subgraphs as a process of the measurement: `metered-subgraph.ts health [remembering]`, with the environment of its
 * own `main.ts`. It counts requests, and signs what comes without a grant by itself, since gateways of others know of none.
 * So every gateway finds the same subgraph, which verifies, decides and journals as it always does.
 */
const SUBGRAPHS = {
  accreditation: metered(accreditationSubgraph),
  directory: metered(directorySubgraph),
  education: metered(educationSubgraph),
  health: metered(healthSubgraph),
  'social-care': metered(socialCareSubgraph),
} as const;

const name = process.argv[2] as keyof typeof SUBGRAPHS;
await SUBGRAPHS[name]();

function metered<Loaders>(definition: SubgraphDefinition<Loaders>): () => Promise<void> {
  return () =>
    runSubgraph({
      ...definition,
      routes(app, services) {
        countRequests(app);
        if (process.argv[3] === 'remembering') rememberAnswers(app);
        signUngranted(app, definition.name, services);
        definition.routes?.(app, services);
      },
    });
}

interface SentOperation {
  readonly query?: unknown;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  extensions?: Readonly<Record<string, unknown>> | null;
}

function signUngranted(app: FastifyInstance, audience: string, { grants, clock }: SubgraphServices): void {
  const [key] = grants;
  if (key === undefined) throw new Error('A subgraph without a grant key answers nobody');
  app.addHook('preHandler', async ({ method, url, body }) => {
    if (method !== 'POST' || !url.startsWith('/graphql')) return;
    for (const operation of (Array.isArray(body) ? body : [body]) as SentOperation[]) {
      const { query, variables, extensions } = operation;
      if (typeof query !== 'string' || extensions?.['accessGrant'] !== undefined) continue;
      const iat = Math.floor(clock().getTime() / 1000);
      const sent = variables ?? {};
      const claims = { ...BENCH_CALLER, aud: audience, iat, exp: iat + 30, jti: `bench-${signed++}` };
      const accessGrant = signGrant(key, {
        ...claims,
        body: operationDigest(query, sent),
        children: Object.fromEntries(childrenOf(sent).map((id) => [id, EVERYTHING])),
      });
      operation.extensions = { accessGrant };
    }
  });
}

let signed = 0;

const EVERYTHING = Object.fromEntries(SENSITIVITY_CLASSES.map((each) => [each, 'FULL' as const]));

/** Of representations, under whatever name a gateway sends them. */
function childrenOf(variables: Readonly<Record<string, unknown>>): string[] {
  return Object.values(variables)
    .flatMap((value) => (Array.isArray(value) ? (value as readonly Partial<Representation>[]) : []))
    .flatMap((each) => (each?.__typename === 'Child' && each.id !== undefined ? each.id : []));
}

interface Representation {
  readonly __typename: string;
  readonly id: string;
}
