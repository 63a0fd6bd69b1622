import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Changed } from '@contactpoint/access/change';
import { attainable, createDecider } from '@contactpoint/access/decide';
import { loadPolicySet } from '@contactpoint/access/policy-set';
import { openRedis } from '@contactpoint/access/redis';
import type { FastifyInstance } from 'fastify';
import { createRemoteJWKSet } from 'jose';
import type { Logger } from 'pino';
import { createAlertRunner } from './alert-runner.ts';
import { createBrowseGuard } from './browse-guard/browse-guard.ts';
import { createInProcessCounters } from './browse-guard/counters.ts';
import { createRedisCounters } from './browse-guard/redis-counters.ts';
import { openWatchedLog } from './checkpoints/open-log.ts';
import type { Config } from './config.ts';
import { createApolloAdapter } from './http/apollo-adapter.ts';
import { createFastifyAdapter } from './http/fastify-adapter.ts';
import { createMetrics, measureChanges, measureCoverage } from './http/metrics.ts';
import { createReadiness } from './http/readiness.ts';
import { createHttpServer } from './http/server.ts';
import { jwksUrlOf } from './issuer.ts';
import { readVerificationKeys } from './key-ring.ts';
import { audit } from './pipeline/audit.ts';
import { createTokenVerifier } from './pipeline/authenticate.ts';
import { createOwedEvents } from './pipeline/owed-events.ts';
import { createParser } from './pipeline/parse.ts';
import { createPipeline, type PipelineParts } from './pipeline/pipeline.ts';
import { createPlanner } from './pipeline/plan.ts';
import { createRefusalCounter } from './pipeline/refusal-counter.ts';
import { createReviewRunner } from './review-runner.ts';
import { createAlertComparisons } from './subgraphs/alert-comparisons.ts';
import { NO_CHANGE_FEED, subscribeToChanges } from './subgraphs/change-feed.ts';
import { createChildNumbers } from './subgraphs/child-numbers.ts';
import { createFactsSource } from './subgraphs/facts.ts';
import { createGrantSigner } from './subgraphs/grants.ts';
import { createLastUse } from './subgraphs/last-use.ts';
import { createOverrideReviews } from './subgraphs/override-reviews.ts';
import { createOverrides } from './subgraphs/overrides.ts';
import { createPrincipals } from './subgraphs/principals.ts';
import { createSuspension } from './subgraphs/suspension.ts';
import { createSystemRequests } from './subgraphs/system-request.ts';
import { loadSupergraph } from './supergraph.ts';
import { warmDecisions } from './warm-decisions.ts';

export interface Gateway {
  readonly app: FastifyInstance;
  /** Answers what was accepted, records what was counted, then lets go of everything. */
  stop(): Promise<void>;
}

/** Milliseconds between two looks at minutes of counted refusals, and at events that are owed. */
const COUNT_INTERVAL = 5_000;

/** Subgraphs of whose answers the gateway believes some for a while; they push what changes. */
const BELIEVED = ['directory', 'accreditation'];

/** Puts the parts together, in the order of their dependence. */
export async function createGateway(config: Config, logger: Logger): Promise<Gateway> {
  const now = () => new Date();
  const monotonic = () => performance.now();
  const policySet = loadPolicySet();
  const decide = createDecider(policySet);
  warmDecisions(decide);
  const supergraph = loadSupergraph(config.supergraphSdl, config.subgraphTimeout, undefined, {
    fetchTimeouts: config.subgraphTimeouts,
    operationTimeout: config.operationTimeout,
  });
  const keys = createRemoteJWKSet(new URL(config.jwksUrl ?? (await jwksUrlOf(config.issuer))));
  const watch = await openWatchedLog(config, monotonic, logger);
  const { log } = watch;
  const grants = createGrantSigner(config.grantKeysFolder, Object.keys(supergraph.endpoints), log.origin);

  const forget = (changed: Changed) => {
    principals.forget(changed);
    facts.forget(changed);
  };
  const changes =
    config.redisUrl === undefined
      ? NO_CHANGE_FEED
      : subscribeToChanges({
          redisUrl: config.redisUrl,
          rings: new Map(BELIEVED.map((name) => [name, verificationKeys(config.grantKeysFolder, name)])),
          now,
          monotonic,
          onChange: forget,
          logger,
        });
  const pushedSince = () => changes.pushedSince();
  const asked = {
    timeout: config.subgraphTimeout,
    grants,
    policySet: policySet.hash,
    now,
    monotonic,
    pushedSince,
  };
  const accreditation = endpointOf(supergraph.endpoints, 'accreditation');
  const principals = createPrincipals({ ...asked, url: accreditation });
  const directory = endpointOf(supergraph.endpoints, 'directory');
  const facts = createFactsSource({ ...asked, url: directory });
  const systemRequests = createSystemRequests(asked);
  const overrides = createOverrides({ ...asked, url: accreditation });
  const lastUse = createLastUse({ ...asked, url: accreditation, logger });
  const events = {
    instance: config.instance,
    policySet: policySet.hash,
    supergraph: supergraph.version,
    digestKey: config.digestKey,
  };
  const oversight = endpointOf(supergraph.endpoints, 'oversight');
  const owed = createOwedEvents(log);
  const recordable = () => watch.coverage.isSound();
  const reviews = createReviewRunner({
    reviews: createOverrideReviews(systemRequests, { oversight, accreditation }),
    suspend: createSuspension({ ...asked, url: accreditation, log, owed, events }),
    onChanged: (practitionerId) => principals.forget({ practitioners: [practitionerId] }),
    logger,
  });
  const alerts = createAlertRunner({
    comparisons: createAlertComparisons(systemRequests, { oversight, accreditation, directory }),
    ...{ log, recordable, owed, events, now, logger },
    interval: config.alertInterval,
  });

  const refusals = createRefusalCounter((counted, at, code) => ({
    version: 1,
    kind: 'refusal-count',
    nonce: randomBytes(16).toString('hex'),
    at: at.toISOString(),
    instance: config.instance,
    override: false,
    supergraph: supergraph.version,
    outcome: 'REFUSED',
    refusal: { code },
    refusals: counted,
    jtis: [],
    subjects: [],
  }));
  const browseGuard = createBrowseGuard({
    counters:
      config.redisUrl === undefined
        ? createInProcessCounters()
        : createRedisCounters(
            openRedis(config.redisUrl, () => {}),
            config.digestKey.secret,
          ),
    limits: config.browseLimits,
    now,
  });
  const parts: PipelineParts = {
    supergraph,
    tokens: createTokenVerifier({ issuer: config.issuer, audience: config.audience, keys, monotonic }),
    principals,
    facts,
    childNumbers: createChildNumbers(systemRequests, directory),
    overrides,
    settleReviews: () => reviews.settle(),
    onMutation: () => forget('everything'),
    browseGuard,
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
    refusals,
    events,
    logger,
    now,
  };

  const recordCounted = async (all: boolean) => {
    let failed: unknown;
    for (const event of refusals.take(now(), all)) {
      await audit(log, event).catch((cause: unknown) => {
        refusals.putBack(event);
        failed = cause;
      });
    }
    if (failed !== undefined) throw failed;
  };
  const counting = setInterval(() => {
    recordCounted(false).catch(() => logger.error('counted refusals not recorded'));
    void owed.settle();
  }, COUNT_INTERVAL);

  const metrics = createMetrics();
  measureChanges(metrics.registry, changes);
  measureCoverage(metrics.registry, watch.coverage);
  const pipeline = metrics.measure(createPipeline(parts));
  const adapter =
    config.httpAdapter === 'apollo'
      ? await createApolloAdapter(supergraph, pipeline)
      : createFastifyAdapter(pipeline);
  const readiness = createReadiness(supergraph.endpoints, watch, browseGuard);
  const app = createHttpServer({ pipeline, adapter, readiness, metrics: metrics.registry, logger });

  return {
    app,
    async stop() {
      clearInterval(counting);
      await app.close();
      await recordCounted(true).catch(() => logger.error('counted refusals not recorded'));
      await owed.settle();
      await Promise.all([adapter.stop(), reviews.close(), alerts.close()]);
      await Promise.all([lastUse.close(), supergraph.executor.close()]);
      changes.close();
      browseGuard.close();
      await Promise.all([principals.close(), facts.close(), overrides.close()]);
      await Promise.all([watch.close(), log.close()]);
    },
  };
}

function verificationKeys(folder: string, subgraph: string) {
  return readVerificationKeys('GRANT_KEYS_FOLDER', join(folder, `${subgraph}.json`));
}

function endpointOf(endpoints: Readonly<Record<string, string>>, name: string): string {
  const url = endpoints[name];
  if (url === undefined)
    throw new Error(`The supergraph has no subgraph "${name}", and no request is decided without it`);
  return url;
}
