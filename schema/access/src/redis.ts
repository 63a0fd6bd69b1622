import { Cluster, Redis, type RedisOptions } from 'ioredis';

export type RedisConnection = Redis | Cluster;

/** Milliseconds between two attempts to connect at most. */
const LONGEST_PAUSE = 1_000;

/** Milliseconds without a word while Redis owes an answer, after which a connection is given up. */
const SILENCE = 5_000;

/** Whether a `REDIS_URL` is one: `rediss://user:password@host:6379`, or several of a Redis Cluster, separated by commas. */
export function isRedisUrl(text: string): boolean {
  return text.split(',').every((url) => URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol));
}

/**
 * Connects, and connects again for as long as it takes. What cannot be sent now fails now: a change that is told late is
 * worse than one known to be lost. Channels are not subscribed to again by themselves; `ready` says when to.
 *
 * @param text As `isRedisUrl` takes it. Of a cluster all nodes take the credentials of the first.
 * @param onError Told of each failed attempt.
 */
export function openRedis(text: string, onError: (cause: Error) => void): RedisConnection {
  const urls = text.split(',').map((url) => new URL(url)) as [URL, ...URL[]];
  const pause = (attempt: number) => Math.min(attempt * 50, LONGEST_PAUSE);
  const node = { ...credentialsOf(urls[0]), socketTimeout: SILENCE, autoResubscribe: false };
  const unqueued = { enableOfflineQueue: false };
  const redis =
    urls.length === 1
      ? new Redis({
          ...addressOf(urls[0]),
          ...node,
          ...unqueued,
          retryStrategy: pause,
          autoResendUnfulfilledCommands: false,
          maxRetriesPerRequest: 0,
        })
      : new Cluster(urls.map(addressOf), { ...unqueued, clusterRetryStrategy: pause, redisOptions: node });
  redis.on('error', onError);
  return redis;
}

/**
 * Publishes in the order of the calls: in a cluster always through one node, where ioredis would take a random one for
 * each message.
 */
export async function publishTo(redis: RedisConnection, channel: string, message: string): Promise<void> {
  await nodeOf(redis).publish(channel, message);
}

function nodeOf(redis: RedisConnection): Redis {
  if (redis instanceof Redis) return redis;
  const keyOf = ({ options }: Redis) => `${options.host}:${options.port}`;
  const [node] = redis.nodes('master').sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  if (node === undefined) throw new Error('No node of the Redis cluster is known');
  return node;
}

function addressOf({ hostname, port }: URL): { readonly host: string; readonly port: number } {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 6379 : Number(port) };
}

type Credentials = Pick<RedisOptions, 'username' | 'password' | 'tls'>;

function credentialsOf({ protocol, username, password }: URL): Credentials {
  return {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}
