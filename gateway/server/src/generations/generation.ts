import type { Changed } from '@contactpoint/access/change';
import { attainable, type Decide } from '@contactpoint/access/decide';
import { createAgencyReporter } from '../agency-reporter.ts';
import { createAlertRunner } from '../alert-runner.ts';
import type { Config } from '../config.ts';
import { isWell } from '../http/readiness.ts';
import { createParser } from '../pipeline/parse.ts';
import { createPipeline, type Pipeline, type PipelineParts } from '../pipeline/pipeline.ts';
import { createPlanner } from '../pipeline/plan.ts';
import { outdated } from '../pipeline/subscription-event.ts';
import { createReviewRunner } from '../review-runner.ts';
import { createAgencyReports } from '../subgraphs/agency-reports.ts';
import { createAgencyTimes } from '../subgraphs/agency-times.ts';
import { createAlertComparisons } from '../subgraphs/alert-comparisons.ts';
import { createChildNumbers } from '../subgraphs/child-numbers.ts';
import { createFactsSource } from '../subgraphs/facts.ts';
import { createGrantSigner } from '../subgraphs/grants.ts';
import { createLastUse } from '../subgraphs/last-use.ts';
import { createOverrideReviews } from '../subgraphs/override-reviews.ts';
import { createOverrides } from '../subgraphs/overrides.ts';
import { createOwnAnswers } from '../subgraphs/own-answers.ts';
import { createPrincipals } from '../subgraphs/principals.ts';
import { createSuspension } from '../subgraphs/suspension.ts';
import { createSystemRequests } from '../subgraphs/system-request.ts';
import { type LoadedSupergraph, openSupergraph } from '../supergraph.ts';
import type { SupergraphReading } from '../supergraph-reading.ts';
import { SupergraphRefusal } from './supergraph-refusal.ts';

/** Everything that hangs on one supergraph: plans, caches, connections, and what agencies were asked over them. */
export interface Generation {
  readonly supergraph: LoadedSupergraph;
  readonly pipeline: Pipeline;
  /** Believes nothing any longer of what has changed. */
  forget(changed: Changed): void;
  /** Answers nothing any more, and lets go of all connections. */
  close(): Promise<void>;
}

/** What is the same for all supergraphs: the policies, the log, and what is counted. */
export interface LastingParts
  extends Pick<
    PipelineParts,
    'tokens' | 'browseGuard' | 'log' | 'recordable' | 'owed' | 'refusals' | 'subscriptions' | 'logger' | 'now'
  > {
  readonly config: Config;
  /** Decisions follow from policies and facts, and from no supergraph; so what was decided once is kept for all. */
  readonly decide: Decide;
  readonly policySet: string;
  readonly monotonic: () => number;
  readonly pushedSince: () => number | undefined;
  /** Told to every generation that lives: an operation may still run on a former one. */
  readonly forget: (changed: Changed) => void;
}

/** @throws (rejects) SupergraphRefusal, ConfigError, or what the executor finds wrong. */
export async function openGeneration(reading: SupergraphReading, parts: LastingParts): Promise<Generation> {
  const { config, policySet, decide, log, recordable, owed, logger, now, monotonic, pushedSince, forget } =
    parts;
  const { endpoints } = reading;
  const [accreditation, directory, oversight] = ['accreditation', 'directory', 'oversight'].map((name) =>
    endpointOf(endpoints, name),
  ) as [string, string, string];
  const grants = createGrantSigner(config.grantKeysFolder, Object.keys(endpoints), log.origin);
  const times = createAgencyTimes(monotonic);
  const supergraph = await openSupergraph(reading, {
    connect: times.connect,
    fetchTimeout: config.subgraphTimeout,
    fetchTimeouts: config.subgraphTimeouts,
    operationTimeout: config.operationTimeout,
    planLimits: config.planLimits,
  });

  const asked = { timeout: config.subgraphTimeout, grants, policySet, now, monotonic, pushedSince };
  const principals = createPrincipals({ ...asked, url: accreditation });
  const facts = createFactsSource({ ...asked, url: directory });
  const systemRequests = createSystemRequests(asked);
  const overrides = createOverrides({ ...asked, url: accreditation });
  const lastUse = createLastUse({ ...asked, url: accreditation, logger });
  const events = {
    instance: config.instance,
    policySet,
    supergraph: supergraph.version,
    digestKey: config.digestKey,
  };
  const reviews = createReviewRunner({
    reviews: createOverrideReviews(systemRequests, { oversight, accreditation }),
    suspend: createSuspension({ ...asked, url: accreditation, log, owed, events }),
    onChanged: (practitionerId) => forget({ practitioners: [practitionerId] }),
    logger,
  });
  const alerts = createAlertRunner({
    comparisons: createAlertComparisons(systemRequests, { oversight, accreditation, directory }),
    ...{ log, recordable, owed, events, now, logger },
    interval: config.alertInterval,
  });
  const agencies = createAgencyReporter({
    ...{ endpoints, times, isWell, logger },
    report: createAgencyReports(systemRequests, oversight, config.instance),
  });
  const replaced = new AbortController();
  const pipeline = createPipeline({
    supergraph,
    tokens: parts.tokens,
    principals,
    facts,
    childNumbers: createChildNumbers(systemRequests, directory),
    ownAnswers: createOwnAnswers(systemRequests, oversight),
    overrides,
    settleReviews: () => reviews.settle(),
    onMutation: () => forget('everything'),
    browseGuard: parts.browseGuard,
    grants,
    lastUse,
    parser: createParser(supergraph.executor.schema),
    planner: createPlanner(supergraph, (principal, { purpose, override }) =>
      attainable(decide, principal, purpose, override),
    ),
    decide,
    log,
    recordable,
    owed,
    refusals: parts.refusals,
    subscriptions: parts.subscriptions,
    replaced: replaced.signal,
    events,
    logger,
    now,
  });

  return {
    supergraph,
    pipeline,
    forget(changed) {
      principals.forget(changed);
      facts.forget(changed);
    },
    async close() {
      replaced.abort(outdated());
      await Promise.all([reviews.close(), alerts.close(), agencies.close()]);
      await Promise.all([lastUse.close(), supergraph.executor.close()]);
      await Promise.all([principals.close(), facts.close(), overrides.close()]);
    },
  };
}

function endpointOf(endpoints: Readonly<Record<string, string>>, name: string): string {
  const url = endpoints[name];
  if (url === undefined)
    throw new SupergraphRefusal(
      'SUBGRAPH_MISSING',
      `The supergraph has no subgraph "${name}", and no request is decided without it`,
    );
  return url;
}
