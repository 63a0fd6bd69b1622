import { randomBytes } from 'node:crypto';
import { type Changed, changeChannel, HEARTBEAT, openChange } from '@contactpoint/access/change';
import type { GrantKey } from '@contactpoint/access/grant';
import { openRedis, publishTo, type RedisConnection } from '@contactpoint/access/redis';
import type { Logger } from 'pino';
import { type ChangeWatch, createChangeWatch } from './change-watch.ts';

/** Changes as the directory and accreditation push them. */
export interface ChangeFeed {
  /** As `ChangeWatch.pushedSince`. */
  pushedSince(): number | undefined;
  close(): void;
}

export interface ChangeFeedOptions {
  /** As in `REDIS_URL`. */
  readonly redisUrl: string;
  /** Grant keys by subgraph: with them the subgraphs whose changes are pushed seal what they say. */
  readonly rings: ReadonlyMap<string, readonly GrantKey[]>;
  readonly now: () => Date;
  readonly monotonic: () => number;
  /** Told what must not be believed any longer. */
  readonly onChange: (changed: Changed) => void;
  readonly logger: Logger;
}

/** Milliseconds without a probe that came back, after which the subscription is taken for dead and made anew. */
const DEAD = 5_000;

/** Without Redis: nothing is pushed, and nothing believed for long. */
export const NO_CHANGE_FEED: ChangeFeed = { pushedSince: () => undefined, close: () => {} };

/** Subscribes, and again for as long as it takes. Redis may be out of reach: then nothing is proven, and nothing fails. */
export function subscribeToChanges(options: ChangeFeedOptions): ChangeFeed {
  const { rings, now, monotonic, onChange, logger } = options;
  const watch = createChangeWatch({ subgraphs: [...rings.keys()], now: monotonic, onChange });
  const subgraphOf = new Map([...rings.keys()].map((name) => [changeChannel(name), name]));
  const probeChannel = `contactpoint:probe:${randomBytes(8).toString('hex')}`;

  // A subscribed connection takes no other commands.
  const subscriber = openRedis(options.redisUrl, () => {});
  const prober = openRedis(options.redisUrl, () => {});
  let sentAt = monotonic();

  subscriber.on('ready', () => {
    sentAt = monotonic();
    subscriber.subscribe(probeChannel, ...subgraphOf.keys()).catch(() => subscriber.disconnect(true));
  });
  subscriber.on('close', () => watch.lost());
  subscriber.on('message', (channel: string, text: string) => {
    if (channel === probeChannel) {
      sentAt = Number(text);
      watch.probed(sentAt);
      return;
    }
    const subgraph = subgraphOf.get(channel) ?? '';
    const message = openChange(rings.get(subgraph) ?? [], text, { subgraph, now: now() });
    if (message === undefined) logger.debug({ subgraph }, 'a message about changes was not taken');
    else watch.heard(message);
  });

  const tellState = stateTeller(watch, logger);
  const probing = setInterval(() => {
    publishTo(prober, probeChannel, String(monotonic())).catch(() => {});
    if (monotonic() - sentAt > DEAD) reconnect(subscriber);
    tellState();
  }, HEARTBEAT);
  probing.unref();

  const reconnect = (redis: RedisConnection) => {
    sentAt = monotonic();
    if (redis.status === 'ready') redis.disconnect(true);
  };

  return {
    pushedSince: () => watch.pushedSince(),
    close() {
      clearInterval(probing);
      subscriber.removeAllListeners('close');
      subscriber.disconnect();
      prober.disconnect();
    },
  };
}

/** Says when changes begin to be pushed and when they stop: whoever runs the gateway pays for it with slower answers. */
function stateTeller(watch: ChangeWatch, logger: Logger): () => void {
  let wasPushed: boolean | undefined;
  return () => {
    const isPushed = watch.pushedSince() !== undefined;
    if (isPushed === wasPushed) return;
    if (isPushed) logger.info('changes are pushed: answers are believed for 5 s');
    else if (wasPushed !== undefined) logger.warn('changes are not pushed: answers are believed for 1 s');
    wasPushed = isPushed;
  };
}
