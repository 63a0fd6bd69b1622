import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Changed } from '@contactpoint/access/change';
import { createDecider } from '@contactpoint/access/decide';
import { loadPolicySet } from '@contactpoint/access/policy-set';
import { openRedis } from '@contactpoint/access/redis';
import type { FastifyInstance } from 'fastify';
import { createRemoteJWKSet } from 'jose';
import type { Logger } from 'pino';
import { createBrowseGuard } from './browse-guard/browse-guard.ts';
import { createInProcessCounters } from './browse-guard/counters.ts';
import { createRedisCounters } from './browse-guard/redis-counters.ts';
import { openWatchedLog } from './checkpoints/open-log.ts';
import type { Config } from './config.ts';
import { type Generation, type LastingParts, openGeneration } from './generations/generation.ts';
import { createGenerations, type Generations } from './generations/generations.ts';
import { readInThread } from './generations/read-in-thread.ts';
import { createSupergraphSwaps } from './generations/supergraph-swaps.ts';
import { watchFile } from './generations/watched-file.ts';
import { createApolloAdapter } from './http/apollo-adapter.ts';
import { createFastifyAdapter } from './http/fastify-adapter.ts';
import {
  createMetrics,
  measureChanges,
  measureCoverage,
  measureSubscriptions,
  measureSwaps,
} from './http/metrics.ts';
import { createReadiness } from './http/readiness.ts';
import { createHttpServer } from './http/server.ts';
import { jwksUrlOf } from './issuer.ts';
import { readVerificationKeys } from './key-ring.ts';
import { audit } from './pipeline/audit.ts';
import { createTokenVerifier } from './pipeline/authenticate.ts';
import { loggedCause } from './pipeline/logged-cause.ts';
import { createOpenSubscriptions } from './pipeline/open-subscriptions.ts';
import { createOwedEvents } from './pipeline/owed-events.ts';
import { createRefusalCounter } from './pipeline/refusal-counter.ts';
import { NO_CHANGE_FEED, subscribeToChanges } from './subgraphs/change-feed.ts';
import { warmDecisions } from './warm-decisions.ts';

export interface Gateway {
  readonly app: FastifyInstance;
  /** Looks at `SUPERGRAPH_FILE` now, instead of with the next look. */
  lookForSupergraph(): Promise<void>;
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
  const read = readInThread(config.supergraphSdl);
  warmDecisions(decide);
  const reading = await read;
  const keys = createRemoteJWKSet(new URL(config.jwksUrl ?? (await jwksUrlOf(config.issuer))));
  const watch = await openWatchedLog(config, monotonic, logger);
  const { log } = watch;
  // Until the first one is open nothing is believed yet.
  let generations: Generations<Generation> | undefined;
  const version = () => generations?.current.supergraph.version ?? reading.version;
  const forget = (changed: Changed) => {
    for (const generation of generations?.living ?? []) generation.forget(changed);
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
  const owed = createOwedEvents(log);
  const refusals = createRefusalCounter((counted, at, code) => ({
    version: 1,
    kind: 'refusal-count',
    nonce: randomBytes(16).toString('hex'),
    at: at.toISOString(),
    instance: config.instance,
    override: false,
    supergraph: version(),
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
  const subscriptions = createOpenSubscriptions();
  const parts: LastingParts = {
    config,
    decide,
    policySet: policySet.hash,
    tokens: createTokenVerifier({ issuer: config.issuer, audience: config.audience, keys, monotonic }),
    browseGuard,
    log,
    recordable: () => watch.coverage.isSound(),
    owed,
    refusals,
    subscriptions,
    pushedSince: () => changes.pushedSince(),
    forget,
    logger,
    now,
    monotonic,
  };
  const notClosed = (cause: unknown) => logger.error({ err: loggedCause(cause) }, 'supergraph not let go of');
  const serving = createGenerations(await openGeneration(reading, parts), notClosed);
  generations = serving;
  const metrics = createMetrics();
  const pipeline = metrics.measure((request) => serving.run((generation) => generation.pipeline(request)));
  const adapter =
    config.httpAdapter === 'apollo'
      ? await createApolloAdapter(serving.current.supergraph.executor.schema, pipeline)
      : createFastifyAdapter(pipeline);
  const swaps = createSupergraphSwaps({
    file: config.supergraphFile,
    version: reading.version,
    read: readInThread,
    open: (next) => openGeneration(next, parts),
    replace(next: Generation) {
      serving.replace(next);
      adapter.onSchema(next.supergraph.executor.schema);
    },
    discard: (generation) => generation.close(),
    logger,
    now,
  });
  const file = watchFile({ file: config.supergraphFile, onChange: () => void swaps.look() });

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

  measureChanges(metrics.registry, changes);
  measureCoverage(metrics.registry, watch.coverage);
  measureSwaps(metrics.registry, swaps.state, () => serving.living.size);
  measureSubscriptions(metrics.registry, subscriptions);
  const readiness = createReadiness({
    endpoints: () => serving.current.supergraph.endpoints,
    supergraph: swaps.state,
    watch,
    browseGuard,
  });
  const app = createHttpServer({
    ...{ pipeline, adapter, subscriptions, readiness, logger },
    explorer: {
      folder: config.explorerFolder,
      ...{ issuer: config.issuer, clientId: config.explorerClient, decide },
      auditKeysFile: config.auditKeysFile,
    },
    metrics: metrics.registry,
  });

  return {
    app,
    lookForSupergraph: () => swaps.look(),
    async stop() {
      clearInterval(counting);
      file.close();
      await Promise.all([swaps.close(), app.close()]);
      await recordCounted(true).catch(() => logger.error('counted refusals not recorded'));
      await owed.settle();
      await adapter.stop();
      await serving.close();
      changes.close();
      browseGuard.close();
      await Promise.all([watch.close(), log.close()]);
    },
  };
}

function verificationKeys(folder: string, subgraph: string) {
  return readVerificationKeys('GRANT_KEYS_FOLDER', join(folder, `${subgraph}.json`));
}
