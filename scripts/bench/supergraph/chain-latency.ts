import { Pool } from 'undici';
import { findFreeRange } from '../../system/free-ports.ts';
import type { BenchGraph } from '../gateway/bench-graph.ts';
import { startChildGraph } from '../gateway/child-graph.ts';
import { startGateway } from '../gateway/gateways.ts';
import { median } from '../median.ts';

/** What the gateway adds to what one caller would wait for by hand. Milliseconds, medians. */
export interface ChainLatency {
  readonly rounds: number;
  readonly gateway: number;
  /** The directory, then the slowest of education, health and social care. */
  readonly byHand: number;
  /** Median of the rounds' ratios. */
  readonly ratio: number;
}

/** Requests before the first one that counts. */
const WARM_UP = 200;

/**
 * One caller, asking in turn the gateway for the joined view and the subgraphs for its parts, of the same child. By hand
 * nothing is decided or recorded; the subgraphs verify and journal as they always do.
 */
export async function measureChain(
  rounds: number,
  onProgress: (sentence: string) => void,
): Promise<ChainLatency> {
  onProgress('starting the subgraphs and a gateway');
  const graph = await startChildGraph();
  const gateway = await startGateway('contactpoint', {
    graph,
    port: await findFreeRange(),
    profiles: undefined,
  });
  const pools = new Map(graph.subgraphs.map(({ name, url }) => [name, new Pool(new URL(url).origin)]));
  const view = graph.operations.find(({ name }) => name === 'view');
  if (gateway === undefined || view === undefined) throw new Error('The graph has no view');
  const own = new Pool(new URL(gateway.url).origin);
  try {
    const headers = await view.headers();
    const times: { readonly gateway: number; readonly byHand: number }[] = [];
    for (let round = -WARM_UP; round < rounds; round++) {
      const body = view.bodies[Math.abs(round) % view.bodies.length] ?? '';
      const { id } = (JSON.parse(body) as { readonly variables: { readonly id: string } }).variables;
      const time = {
        gateway: await timeOf(() => post(own, body, view.whole, headers)),
        byHand: await timeOf(() => askByHand(pools, id)),
      };
      if (round >= 0) times.push(time);
    }
    return {
      rounds,
      gateway: median(times.map((each) => each.gateway)),
      byHand: median(times.map((each) => each.byHand)),
      ratio: median(times.map((each) => each.gateway / each.byHand)),
    };
  } finally {
    await Promise.all([own, ...pools.values()].map((pool) => pool.destroy()));
    await gateway.stop();
    await graph.stop();
  }
}

const DIRECTORY = /* GraphQL */ `
  query ($id: ID!) {
    child(id: $id) {
      __typename id givenNames familyName dateOfBirth
      addresses { line1 town postcode }
      involvements { sector service practitionerName phone isLead }
    }
  }
`;

/** What of a child each of the others is asked for. */
const PARTS: ReadonlyMap<BenchGraph['subgraphs'][number]['name'], string> = new Map([
  [
    'education',
    'enrolments { school { name } yearGroup from to } attendance { academicYear sessionsPossible sessionsAttended }',
  ],
  ['health', 'missedAppointments { on setting }'],
  ['social-care', 'socialCare { status childProtectionPlans { startedOn initialCategory } }'],
]);

async function askByHand(pools: ReadonlyMap<string, Pool>, id: string): Promise<void> {
  const of = (name: string) => pools.get(name) as Pool;
  await post(of('directory'), JSON.stringify({ query: DIRECTORY, variables: { id } }), '"familyName":"');
  const representations = [{ __typename: 'Child', id }];
  await Promise.all(
    [...PARTS].map(([name, fields]) => {
      const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Child { ${fields} } } }`;
      return post(of(name), JSON.stringify({ query, variables: { representations } }), '"_entities":[{');
    }),
  );
}

/** @throws Error for an answer with errors, or that is not whole. */
async function post(
  pool: Pool,
  body: string,
  whole: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const answer = await pool.request({
    path: '/graphql',
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200 || text.includes('"errors":[') || !text.includes(whole))
    throw new Error(`An answer is not whole: ${answer.statusCode} ${text.slice(0, 300)}`);
}

async function timeOf(ask: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await ask();
  return performance.now() - begun;
}
