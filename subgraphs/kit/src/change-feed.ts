import {
  type Changed,
  ChangedShape,
  changeChannel,
  HEARTBEAT,
  sealChange,
} from '@contactpoint/access/change';
import type { GrantKey } from '@contactpoint/access/grant';
import { openRedis, publishTo } from '@contactpoint/access/redis';
import type { FastifyBaseLogger } from 'fastify';
import * as v from 'valibot';
import { type ChangeListener, listenForChanges } from './change-listener.ts';
import { describe } from './wire-error.ts';

export interface ChangeFeedOptions {
  /** Name of the subgraph. */
  readonly subgraph: string;
  readonly databaseUrl: string;
  /** As in `REDIS_URL`. */
  readonly redisUrl: string;
  /** The grant key that signs. */
  readonly key: GrantKey;
  readonly clock: () => Date;
  readonly logger: FastifyBaseLogger;
}

export interface ChangeFeed {
  /** Passes on what was committed before the call, then lets go of Redis and the database. */
  close(): Promise<void>;
}

/** Milliseconds that a heartbeat may take through the database; a slower one proves nothing and is not passed on. */
const PROMPT = 1_000;

/** Milliseconds that `close` waits for what is still on its way. */
const LAST_WORDS = 1_000;

/**
 * Passes on to every gateway what the database announces (`announce_change`), in the order of its commits. A heartbeat
 * goes the whole way, through the database too, so that one that arrives proves that everything committed before it has
 * arrived or left a gap in the sequence. Several processes of one subgraph each pass everything on.
 */
export function publishChanges(options: ChangeFeedOptions): ChangeFeed {
  const { subgraph, key, clock, logger } = options;
  const channel = changeChannel(subgraph);
  let connected = false;
  const redis = openRedis(options.redisUrl, (cause) => {
    if (connected) logger.warn(describe(cause), 'changes are not pushed: Redis is out of reach');
    connected = false;
  });
  redis.on('ready', () => {
    connected = true;
    logger.info('changes are pushed');
  });

  let publisher = '';
  let sequence = 0;
  // What is not sent leaves a gap: gateways then forget everything they believe.
  const publish = (changed?: Changed) => {
    sequence += 1;
    const message = { subgraph, publisher, sequence, at: clock().getTime(), changed };
    return publishTo(redis, channel, sealChange(key, message)).catch(() => undefined);
  };

  let lastWords: (() => void) | undefined;
  const listener = listenForChanges(options.databaseUrl, {
    onListening(id) {
      publisher = id;
      sequence = 0;
    },
    onBeat(took) {
      const published = took <= PROMPT ? publish() : undefined;
      if (lastWords !== undefined) void (published ?? Promise.resolve()).then(lastWords);
    },
    onPayload: (payload) => void publish(changedOf(payload)),
    onError: (cause) => logger.warn(describe(cause), 'changes are not announced by the database'),
  });
  const beating = setInterval(() => listener.beat(), HEARTBEAT);

  return {
    async close() {
      clearInterval(beating);
      await said(listener, (tell) => {
        lastWords = tell;
      });
      await listener.close();
      redis.disconnect();
    },
  };
}

/** The heartbeat that comes back says that everything before it has been passed on. */
async function said(listener: ChangeListener, onSaid: (tell: () => void) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const patience = setTimeout(resolve, LAST_WORDS);
  onSaid(resolve);
  listener.beat();
  await promise;
  clearTimeout(patience);
}

/** A payload that nobody of ours wrote may mean anything. */
function changedOf(payload: unknown): Changed {
  const parsed = v.safeParse(ChangedShape, payload);
  return parsed.success ? parsed.output : 'everything';
}
