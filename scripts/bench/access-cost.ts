import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attainable, createDecider } from '@contactpoint/access/decide';
import { operationDigest } from '@contactpoint/access/grant';
import { loadPolicySet } from '@contactpoint/access/policy-set';
import { SENSITIVITY_CLASSES } from '@contactpoint/access/sensitivity';
import type { ExecutionHooks } from '@contactpoint/executor/hooks';
import {
  createSubgraphClient,
  type SubgraphAnswer,
  type SubgraphClient,
  type SubgraphClientOptions,
} from '@contactpoint/executor/subgraphs/subgraph-client';
import { createAdmit } from '@contactpoint/gateway/pipeline/admission';
import { createSubjectDecisions } from '@contactpoint/gateway/pipeline/authorize-subjects';
import { createFetchStep } from '@contactpoint/gateway/pipeline/fetch';
import { createMergeStep } from '@contactpoint/gateway/pipeline/merge';
import { createParser } from '@contactpoint/gateway/pipeline/parse';
import { createPlanner } from '@contactpoint/gateway/pipeline/plan';
import { subjectAccess } from '@contactpoint/gateway/pipeline/subject-access';
import type { AskedChildren } from '@contactpoint/gateway/pipeline/walk';
import { createFactsSource, type FactsCaller } from '@contactpoint/gateway/subgraphs/facts';
import { createGrantSigner } from '@contactpoint/gateway/subgraphs/grants';
import { loadSupergraph } from '@contactpoint/gateway/supergraph';
import { median } from './median.ts';

/** CPU microseconds of one joined view in the gateway's process: medians of alternating blocks. */
export interface AccessCost {
  readonly blocks: number;
  /** Executor alone: one grant for each request text, made once and sent again, everything released. */
  readonly executor: number;
  /** The same with facts, decisions, a fresh grant for each request, the release gate, and what the event says. */
  readonly withAccess: number;
  /** Median of the differences between neighbouring blocks. */
  readonly added: number;
  /** Of `withAccess`, what signing four fresh grants takes. */
  readonly signing: number;
}

/** Requests of one block; the facts are asked for again once a second, as in the gateway. */
const BLOCK = 100;

const QUERY = readFileSync(new URL('joined-view.graphql', import.meta.url), 'utf8');
const PURPOSE = { purpose: 'S47', reason: 'Measurement of the joined view', override: false } as const;

/**
 * @param data Folder of a running system.
 * @param replayed Whether each agency is asked once, and its answer repeated: sockets cost ten times what is measured
 *   here, and never the same twice.
 */
export async function measureAccess(
  data: string,
  child: string,
  { blocks, replayed }: { readonly blocks: number; readonly replayed: boolean },
): Promise<AccessCost> {
  const now = () => new Date();
  const supergraph = loadSupergraph(
    readFileSync(join(data, 'supergraph.graphql'), 'utf8'),
    5_000,
    replayed ? replayAnswers : undefined,
  );
  const policySet = loadPolicySet();
  const decide = createDecider(policySet);
  const folder = join(data, 'secrets', 'grant-keys');
  const grants = createGrantSigner(folder, Object.keys(supergraph.endpoints), 'contactpoint.bench/access/0');
  const asked = { timeout: 5_000, grants, now, monotonic: () => performance.now() };
  const facts = createFactsSource({ ...asked, url: supergraph.endpoints['directory'] ?? '' });

  const principal = {
    practitionerId: 'p-social-worker',
    role: 'social-worker',
    sector: 'SOCIAL_CARE',
    organisationId: 'LA-975',
    organisationStage: 'LIVE',
    scopes: [],
    suspended: false,
    vettingIssuedOn: null,
    trainingPassedOn: null,
    agreementSignedOn: null,
    activeSince: now().toISOString(),
    overrides: [],
    reviewDueAt: null,
  } as const;
  const caller: FactsCaller = {
    evt: '0'.repeat(64),
    sub: principal.practitionerId,
    role: principal.role,
    sector: principal.sector,
    organisation: principal.organisationId,
    scopes: [],
    purpose: PURPOSE.purpose,
    override: false,
    policySet: policySet.hash,
  };
  const admit = createAdmit(supergraph);
  const planner = createPlanner(supergraph, () => attainable(decide, principal, PURPOSE.purpose, false));
  const parsed = createParser(supergraph.executor.schema)(QUERY, undefined);
  const planned = planner.plan(parsed, principal, PURPOSE, undefined);
  const { prepared } = planned;
  if (prepared === undefined) throw new Error('The joined view has no plan');

  const run = async (hooks: ExecutionHooks) => {
    const result = await supergraph.executor.execute({
      operation: prepared,
      variables: { id: child },
      hooks,
    });
    if (result.errors.length > 0)
      throw new Error(`The joined view is not whole: ${JSON.stringify(result.errors[0])}`);
  };
  const whole = async () => {
    const onGrant = () => {};
    const asked: AskedChildren[] = [];
    const decisions = createSubjectDecisions({
      ...{ decide, facts, principal, stated: PURPOSE, caller },
      onQuestion: onGrant,
    });
    await run({
      beforeFetch: createFetchStep({
        ...{ supergraph, admit, grants, caller, decisions, now, onGrant },
        onAsked: (one) => asked.push(one),
      }),
      beforeRelease: createMergeStep({
        ...{ refusals: planned.refusals, decisions, role: principal.role },
        onReached: (reached) => void subjectAccess(planned, decisions, reached),
      }),
    });
  };
  const open = openHooks((aud, query, variables) => {
    const body = operationDigest(query, variables);
    const everything = Object.fromEntries(SENSITIVITY_CLASSES.map((name) => [name, 'FULL' as const]));
    return grants.sign({ ...caller, aud, body, children: { [child]: everything } }, now()).grant;
  });

  try {
    const rounds = { executor: [] as number[], withAccess: [] as number[], signing: [] as number[] };
    for (let warm = 0; warm < 20; warm++) for (const once of [() => run(open()), whole]) await cpuOf(once);
    for (let block = 0; block < blocks; block++) {
      const hooks = open();
      rounds.executor.push(await cpuOf(() => run(hooks)));
      rounds.withAccess.push(await cpuOf(whole));
      rounds.signing.push(await cpuOf(() => signFour(grants, caller, child, now)));
    }
    return {
      blocks,
      executor: median(rounds.executor),
      withAccess: median(rounds.withAccess),
      // Of neighbours: what else the machine does changes more from minute to minute than from block to block.
      added: median(rounds.withAccess.map((cost, block) => cost - (rounds.executor[block] ?? 0))),
      signing: median(rounds.signing),
    };
  } finally {
    await Promise.all([facts.close(), supergraph.executor.close()]);
  }
}

/** Hooks that decide nothing: each request text is signed once, and the grant sent again while it lasts. */
function openHooks(
  sign: (aud: string, query: string, variables: Readonly<Record<string, unknown>>) => string,
) {
  return (): ExecutionHooks => {
    const signed = new Map<string, string>();
    const release = { kind: 'RELEASE' } as const;
    return {
      beforeFetch: async ({ subgraph, representations }) => [
        {
          ...(representations === undefined
            ? {}
            : {
                entities: representations.map((representation, index) => ({
                  index,
                  representation,
                  decoy: false,
                })),
              }),
          extensions: ({ query, variables }) => {
            const known = signed.get(query) ?? sign(subgraph, query, variables);
            signed.set(query, known);
            return { accessGrant: known };
          },
        },
      ],
      beforeRelease: async () => ({
        field: () => release,
        subject: () => release,
        absentSubject: () => release,
      }),
    };
  };
}

/** A connection that asks each question once. */
function replayAnswers(options: SubgraphClientOptions): SubgraphClient {
  const agency = createSubgraphClient(options);
  const answers = new Map<string, Promise<SubgraphAnswer>>();
  return {
    ask(request, abandonment) {
      const known = answers.get(request.query) ?? agency.ask(request, abandonment);
      answers.set(request.query, known);
      return known;
    },
    close: () => agency.close(),
  };
}

async function signFour(
  grants: ReturnType<typeof createGrantSigner>,
  caller: FactsCaller,
  child: string,
  now: () => Date,
): Promise<void> {
  for (const aud of ['directory', 'education', 'health', 'social-care']) {
    const children = { [child]: { STATUS: 'FULL', SPECIAL: 'MINIMAL', LOCATION: 'FULL' } } as const;
    grants.sign({ ...caller, aud, body: '0'.repeat(64), children }, now());
  }
}

/** CPU microseconds of one call, as the mean of a block. */
async function cpuOf(once: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  for (let turn = 0; turn < BLOCK; turn++) await once();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / BLOCK;
}
