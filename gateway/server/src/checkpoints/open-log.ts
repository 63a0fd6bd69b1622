import { AuditStoreError, LogInUseError } from '@contactpoint/audit-log/append-error';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import type { BatchingOptions } from '@contactpoint/audit-log/batching-log';
import { startBootLog } from '@contactpoint/audit-log/boot';
import { openCheckpointReader } from '@contactpoint/audit-log/checkpoint-reader';
import { openRedisLog } from '@contactpoint/audit-log/redis-log';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { ConfigError } from '../config-error.ts';
import { type CheckpointWatch, createCheckpointWatch } from './checkpoint-watch.ts';
import { openKeysFile } from './keys-file.ts';
import { OwnLeaves } from './own-leaves.ts';

type LogConfig = Pick<
  Config,
  | 'auditDatabaseUrl'
  | 'auditKeysFile'
  | 'auditRedisUrl'
  | 'auditStandbys'
  | 'deployment'
  | 'instance'
  | 'checkpointPatience'
>;

/**
 * Opens the log of this boot, watched. It may not take leaves yet: the gateway starts, says in its own log what it waits
 * for, and is not ready.
 *
 * @throws ConfigError when another gateway has the same name, or the store cannot be used.
 */
export async function openWatchedLog(
  config: LogConfig,
  monotonic: () => number,
  logger: Logger,
): Promise<CheckpointWatch> {
  const { auditDatabaseUrl: url, auditRedisUrl, deployment, instance, checkpointPatience: patience } = config;
  const keys = openKeysFile(config.auditKeysFile);
  const own = new OwnLeaves();
  const log = await startBootLog({
    url,
    deployment,
    instance,
    standbys: config.auditStandbys,
    keys: () => {
      keys.reload();
      return keys.current;
    },
    onSend: (first, leaves) => own.sent(first, leaves),
    ...tellOutages(logger, 'PostgreSQL'),
    beside: async (origin) =>
      auditRedisUrl === undefined ? [] : [await openSecondSink(auditRedisUrl, origin, logger)],
    onWaiting: (why) => logger.warn({ why }, 'the audit log is not open yet'),
  }).catch((cause: unknown) => {
    throw cause instanceof ConfigError ? cause : configErrorOf(cause, instance);
  });
  void log.booted.then(
    () => logger.info({ origin: log.origin }, 'the audit log is open'),
    () => undefined,
  );
  const checkpoints = openCheckpointReader(url);
  return createCheckpointWatch({ log, checkpoints, own, keys, patience, monotonic, logger });
}

async function openSecondSink(url: string, origin: string, logger: Logger): Promise<AuditLog> {
  try {
    return await openRedisLog({ url, origin, ...tellOutages(logger, 'Redis') });
  } catch (cause) {
    const problem = problemOf(cause);
    throw new ConfigError(`AUDIT_REDIS_URL names a server that cannot be used (${problem})`, { cause });
  }
}

/** Why nothing is kept, once for as long as it is the same. */
function tellOutages(
  logger: Logger,
  store: 'PostgreSQL' | 'Redis',
): Required<Pick<BatchingOptions, 'onOutage' | 'onRecovery'>> {
  let told: string | undefined;
  return {
    onOutage(cause) {
      const why = problemOf(cause);
      if (why !== told) logger.error({ store, why }, 'the audit store keeps nothing: nothing is released');
      told = why;
    },
    onRecovery() {
      logger.info({ store }, 'the audit store keeps events again');
      told = undefined;
    },
  };
}

function configErrorOf(cause: unknown, instance: string): ConfigError {
  if (cause instanceof LogInUseError) {
    const problem = `is ${instance}, and another gateway of that name is running: each needs a name of its own`;
    return new ConfigError(`INSTANCE ${problem}`, { cause });
  }
  const problem = problemOf(cause);
  return new ConfigError(`AUDIT_DATABASE_URL names a database that cannot be used (${problem})`, { cause });
}

/** The driver's own words may quote the URL, which holds a password. */
function problemOf(cause: unknown): string {
  if (cause instanceof AuditStoreError) return cause.message;
  const { code } = cause as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'no answer';
}
