import type { Redis } from 'ioredis';
import { AuditStoreError } from './append-error.ts';

/**
 * How a server makes sure that what it acknowledges is on its disk: asked to after each batch, or always by itself.
 *
 * @see https://redis.io/docs/latest/commands/waitaof/
 */
export type RedisDurability = 'WAITAOF' | 'EVERY_WRITE';

/**
 * @param isNew Whether the connection is: a server whose append-only file was just switched on keeps nothing until it has
 *   written the first one, and looks like any that writes a file anew.
 * @throws AuditStoreError saying why the server would lose what it acknowledged.
 */
export async function requireDurableRedis(redis: Redis, isNew: boolean): Promise<RedisDurability> {
  const state = fieldsOf(await redis.info());
  const problem = problemOf(state);
  if (problem !== undefined) throw new AuditStoreError(`The audit Redis ${problem}`);
  const fsync = await setting(redis, 'appendfsync');
  if (await knowsWaitAof(redis)) {
    // It would be waited for in vain. A server that does not let its setting be read is told by that.
    if (fsync === 'no') throw new AuditStoreError('The audit Redis never flushes: appendfsync = no');
    return 'WAITAOF';
  }
  const onRewrite = await setting(redis, 'no-appendfsync-on-rewrite');
  if (fsync !== 'always' || onRewrite !== 'no') {
    const named = `appendfsync = ${fsync ?? 'not to be read'}, no-appendfsync-on-rewrite = ${onRewrite ?? 'not to be read'}`;
    throw new AuditStoreError(
      `The audit Redis has no WAITAOF and would lose what it acknowledged: ${named} (always and no are required)`,
    );
  }
  if (isNew && (state.get('aof_rewrite_in_progress') === '1' || state.get('aof_rewrite_scheduled') === '1'))
    throw new AuditStoreError('The audit Redis is still writing its append-only file');
  return 'EVERY_WRITE';
}

function problemOf(state: ReadonlyMap<string, string>): string | undefined {
  if (state.get('role') !== 'master') return 'is a replica, which takes no leaves';
  if (state.get('cluster_enabled') === '1') return 'is a Redis Cluster: a log needs one primary';
  if (state.get('aof_enabled') !== '1') return 'keeps no append-only file: appendonly = no';
  const policy = state.get('maxmemory_policy') ?? '';
  if (state.get('maxmemory') !== '0' && policy.startsWith('allkeys'))
    return `would forget leaves when its memory is full: maxmemory-policy = ${policy}`;
  return undefined;
}

/** `INFO` is lines of `name:value` under headings. */
function fieldsOf(info: string): ReadonlyMap<string, string> {
  const pairs = info.split('\r\n').map((line) => line.split(':', 2) as [string, string?]);
  return new Map(pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** A server that does not say what it knows is taken for one that does not know it. */
async function knowsWaitAof(redis: Redis): Promise<boolean> {
  const [known] = (await redis.command('INFO', 'WAITAOF').catch(() => [])) as unknown[];
  return known !== null && known !== undefined;
}

async function setting(redis: Redis, name: string): Promise<string | undefined> {
  const answer: unknown = await redis.config('GET', name).catch(() => undefined);
  if (Array.isArray(answer)) return answer[1] as string | undefined;
  return (answer as Record<string, string> | undefined)?.[name];
}
