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

  // A subscribed connection takes no other commands.
  const subscriber = openRedis(options.redisUrl, () => {});
  const prober = openRedis(options.redisUrl, () => {});
  const probes = createProbes(prober, monotonic);

  subscriber.on('ready', () => {
    probes.reset();
    subscriber.subscribe(probes.channel, ...subgraphOf.keys()).catch(() => subscriber.disconnect(true));
  });
  subscriber.on('close', () => watch.lost());
  subscriber.on('message', (channel: string, text: string) => {
    if (channel === probes.channel) {
      const sentAt = probes.returned(text);
      if (sentAt !== undefined) watch.probed(sentAt);
      return;
    }
    const subgraph = subgraphOf.get(channel) ?? '';
    const message = openChange(rings.get(subgraph) ?? [], text, { subgraph, now: now() });
    if (message === undefined) logger.debug({ subgraph }, 'a message about changes was not taken');
    else watch.heard(message);
  });

  const tellState = stateTeller(watch, logger);
  const probing = setInterval(() => {
    probes.send();
    if (probes.silentFor() > DEAD && subscriber.status === 'ready') {
      probes.reset();
      subscriber.disconnect(true);
    }
    tellState();
  }, HEARTBEAT);
  probing.unref();

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

/** This gateway's own messages, which it sends in order to get them back. */
interface Probes {
  readonly channel: string;
  send(): void;
  /** When the probe was sent; undefined for one that is not on its way. */
  returned(text: string): number | undefined;
  /** Milliseconds since one came back, or since `reset`. */
  silentFor(): number;
  reset(): void;
}

function createProbes(redis: RedisConnection, monotonic: () => number): Probes {
  const channel = `contactpoint:probe:${randomBytes(8).toString('hex')}`;
  const underway = new Map<string, number>();
  let returnedAt = monotonic();
  return {
    channel,
    send() {
      for (const [text, sentAt] of underway) if (monotonic() - sentAt > DEAD) underway.delete(text);
      const text = randomBytes(8).toString('hex');
      underway.set(text, monotonic());
      publishTo(redis, channel, text).catch(() => {});
    },
    returned(text) {
      const sentAt = underway.get(text);
      if (sentAt !== undefined) returnedAt = monotonic();
      underway.delete(text);
      return sentAt;
    },
    silentFor: () => monotonic() - returnedAt,
    reset() {
      returnedAt = monotonic();
    },
  };
}

/** Looks after which changes that were never pushed are worth a word: publishers need a moment when all start together. */
const SOON = 20;

/** Says when changes begin to be pushed and when they stop: whoever runs the gateway pays for it with slower answers. */
function stateTeller(watch: ChangeWatch, logger: Logger): () => void {
  let wasPushed: boolean | undefined;
  let looks = 0;
  return () => {
    const isPushed = watch.pushedSince() !== undefined;
    looks += 1;
    if (isPushed === wasPushed || (!isPushed && wasPushed === undefined && looks < SOON)) return;
    wasPushed = isPushed;
    if (isPushed) logger.info('changes are pushed: answers are believed for 5 s');
    else logger.warn('changes are not pushed: answers are believed for 1 s');
  };
}
