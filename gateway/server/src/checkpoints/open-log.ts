import { AuditStoreError, LogInUseError } from '@contactpoint/audit-log/append-error';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
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
    beside: async (origin) =>
      auditRedisUrl === undefined ? [] : [await openSecondSink(auditRedisUrl, origin)],
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

async function openSecondSink(url: string, origin: string): Promise<AuditLog> {
  try {
    return await openRedisLog({ url, origin });
  } catch (cause) {
    const problem = cause instanceof AuditStoreError ? cause.message : codeOf(cause);
    throw new ConfigError(`AUDIT_REDIS_URL names a server that cannot be used (${problem})`, { cause });
  }
}

function configErrorOf(cause: unknown, instance: string): ConfigError {
  if (cause instanceof LogInUseError) {
    const problem = `is ${instance}, and another gateway of that name is running: each needs a name of its own`;
    return new ConfigError(`INSTANCE ${problem}`, { cause });
  }
  // The driver's own words may quote the URL, which holds a password.
  const problem = cause instanceof AuditStoreError ? cause.message : codeOf(cause);
  return new ConfigError(`AUDIT_DATABASE_URL names a database that cannot be used (${problem})`, { cause });
}

function codeOf(cause: unknown): string {
  const { code } = cause as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'no answer';
}
