import { createHash, createHmac } from 'node:crypto';
import type { RedisConnection } from '@contactpoint/access/redis';
import type { SigningKey } from '../key-ring.ts';
import { type BrowseCounters, byMinute } from './counters.ts';
import { type Counted, DAY, HOUR } from './window.ts';

/** Milliseconds for one addition; a caller does not wait for a Redis that has stopped talking. */
const DEADLINE = 1_000;

/**
 * Counts that all gateways share. Redis holds no number of a child, no question and no name of a practitioner, only
 * digests of them, and forgets a practitioner a day after the last addition. One script is one step, on one node of a
 * cluster.
 *
 * @param redis Connected as `openRedis` does: what cannot be sent now fails now.
 * @param secret Of the digests of children and questions: a name in a question could be guessed from one without. The
 *   key of a practitioner is not under it, so that a new secret makes children count once more, and nobody begin anew.
 */
export function createRedisCounters(redis: RedisConnection, secret: SigningKey['secret']): BrowseCounters {
  const digest = (...names: readonly string[]) =>
    createHmac('sha256', secret).update(JSON.stringify(names)).digest('base64url').slice(0, 22);

  return {
    async add(practitioner, { minute, children, misses, limits }) {
      const name = createHash('sha256').update(practitioner).digest('base64url');
      const members = [...children, ...misses].map((what) => digest(practitioner, what));
      const keys = ['children', 'openings', 'misses'].map((what) => `contactpoint:browse:{${name}}:${what}`);
      const { recordsPerHour, recordsPerDay, childrenPerDay, missesPerHour } = limits;
      const most = [recordsPerHour, recordsPerDay, childrenPerDay, missesPerHour];
      const counts = [minute, HOUR, DAY, children.length, ...most];
      const answer = redis.eval(ADD, keys.length, ...keys, ...counts, ...members);
      return readCounted(await withinDeadline(answer));
    },
    reachable: () => redis.status === 'ready',
    close: () => redis.disconnect(),
  };
}

/**
 * KEYS: children and misses by minute of the last count, openings by minute. ARGV: minute, hour, day, children, the four
 * limits, names.
 */
const ADD = `
local minute, hour, day = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local children = tonumber(ARGV[4])
local mostHour, mostOpenings, mostDay = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local mostMisses = tonumber(ARGV[8])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. (minute - day))
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', '(' .. (minute - hour))
local openings = 0
local opened = redis.call('HGETALL', KEYS[2])
for i = 1, #opened, 2 do
  if minute - tonumber(opened[i]) > day then redis.call('HDEL', KEYS[2], opened[i])
  else openings = openings + tonumber(opened[i + 1]) end
end
local inHour = redis.call('ZCOUNT', KEYS[1], minute - hour, '+inf')
local inDay = redis.call('ZCARD', KEYS[1])
local missed = redis.call('ZCARD', KEYS[3])
for i = 9, #ARGV do
  local isChild = i - 8 <= children
  local key = isChild and KEYS[1] or KEYS[3]
  local last = redis.call('ZSCORE', key, ARGV[i])
  local passed = missed > mostMisses
  if isChild then passed = inHour > mostHour or openings > mostOpenings or inDay > mostDay end
  if not passed and (not last or minute - tonumber(last) > hour) then
    redis.call('ZADD', key, minute, ARGV[i])
    if isChild then
      redis.call('HINCRBY', KEYS[2], minute, 1)
      inHour, openings = inHour + 1, openings + 1
      if not last then inDay = inDay + 1 end
    else
      missed = missed + 1
    end
  end
end
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, (day + hour) * 60) end
return {
  redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES'),
  redis.call('HGETALL', KEYS[2]),
  redis.call('ZRANGE', KEYS[3], 0, -1, 'WITHSCORES'),
}`;

function readCounted(answer: unknown): Counted {
  const [children, openings, misses] = answer as readonly (readonly string[])[];
  return {
    children: byMinute(pairsOf(children).map(([, minute]) => minute)),
    openings: new Map(pairsOf(openings).map(([minute, count]) => [Number(minute), count])),
    misses: byMinute(pairsOf(misses).map(([, minute]) => minute)),
  };
}

function pairsOf(flat: readonly string[] | undefined): readonly (readonly [string, number])[] {
  if (flat === undefined) throw new Error('Redis answered with something else than counts');
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, Number(flat[index + 1])] as const] : []));
}

async function withinDeadline<T>(answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('Redis has not counted in time')), DEADLINE);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}
