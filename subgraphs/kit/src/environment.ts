import { isRedisUrl } from '@contactpoint/access/redis';
import { SettingError } from './setting-error.ts';

/** Settings of a subgraph's process. */
export interface SubgraphEnvironment {
  /** `PORT`. */
  readonly port: number;
  /** `HOST`, 127.0.0.1 by default. */
  readonly host: string;
  /** `DATABASE_URL`. */
  readonly databaseUrl: string;
  /** `GRANT_KEYS_FILE`: JSON, mode 0600, see grant-keys.ts. */
  readonly grantKeysFile: string;
  /** `REDIS_URL`; undefined where there is no Redis. */
  readonly redisUrl: string | undefined;
  /** `LOG_LEVEL` of pino, info by default. */
  readonly logLevel: string;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** @throws SettingError naming the first setting that is missing or wrong. */
export function readEnvironment(environment: NodeJS.ProcessEnv): SubgraphEnvironment {
  const port = Number(required(environment, 'PORT'));
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new SettingError('PORT', 'must be a port number, 0 to 65535');
  const logLevel = environment['LOG_LEVEL'] ?? 'info';
  if (!LOG_LEVELS.includes(logLevel))
    throw new SettingError('LOG_LEVEL', `must be one of ${LOG_LEVELS.join(', ')}`);
  return {
    port,
    host: environment['HOST'] ?? '127.0.0.1',
    databaseUrl: databaseUrl(required(environment, 'DATABASE_URL'), 'DATABASE_URL'),
    grantKeysFile: required(environment, 'GRANT_KEYS_FILE'),
    redisUrl: redisUrl(environment['REDIS_URL']),
    logLevel,
  };
}

/** Never quotes the URL, as it holds a password; an empty one is none. */
function redisUrl(value: string | undefined): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (!isRedisUrl(value))
    throw new SettingError('REDIS_URL', 'must be a URL redis://host:port, or several separated by commas');
  return value;
}

/** @throws SettingError when the variable is not set or empty. */
export function required(environment: NodeJS.ProcessEnv, setting: string): string {
  const value = environment[setting];
  if (value === undefined || value === '') throw new SettingError(setting, 'is not set');
  return value;
}

/** Never quotes the URL: it holds a password. */
export function databaseUrl(value: string, setting: string): string {
  if (!URL.canParse(value) || !/^postgres(ql)?:$/.test(new URL(value).protocol))
    throw new SettingError(setting, 'must be a URL postgres://user:password@host:port/database');
  return value;
}
