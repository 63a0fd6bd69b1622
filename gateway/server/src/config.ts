import { readFileSync } from 'node:fs';
import { isRedisUrl } from '@contactpoint/access/redis';
import { COMMAND_INSTANCES } from '@contactpoint/audit-log/origin';
import { PLAN_LIMITS, type PlanLimits } from '@contactpoint/executor/planning/plan-size';
import * as v from 'valibot';
import type { LimitsByRole } from './browse-guard/limits.ts';
import { readBrowseLimits } from './browse-guard/limits-file.ts';
import { ConfigError } from './config-error.ts';
import { ADAPTERS, type AdapterName } from './http/graphql-adapter.ts';
import { readSigningKey, type SigningKey } from './key-ring.ts';

const port = v.pipe(
  v.string(),
  v.regex(/^\d{1,5}$/, 'must be a port'),
  v.transform(Number),
  v.maxValue(65_535, 'must be a port'),
);
const text = v.pipe(v.string(), v.nonEmpty('is not set'));
const url = v.pipe(text, v.url('must be a URL'));
const milliseconds = v.pipe(
  v.string(),
  v.regex(/^[1-9]\d{0,5}$/, 'must be milliseconds'),
  v.transform(Number),
);
const count = v.pipe(
  v.string(),
  v.regex(/^[1-9]\d{0,6}$/, 'must be a number from 1 to 9999999'),
  v.transform(Number),
);

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const Environment = v.object({
  PORT: v.optional(port, '4000'),
  HOST: v.optional(v.string(), '127.0.0.1'),
  SUPERGRAPH_FILE: text,
  /** Folder with one key ring a subgraph, `health.json`. */
  GRANT_KEYS_FOLDER: text,
  AUDIT_DATABASE_URL: url,
  /** Public keys of checkpoints, one vkey a line: what the database says of them is not believed. */
  AUDIT_KEYS_FILE: text,
  /** Standbys of the audit database that must hold an event as well before it counts. */
  AUDIT_STANDBYS: v.optional(
    v.pipe(v.string(), v.regex(/^\d$/, 'must be a number from 0 to 9'), v.transform(Number)),
    '0',
  ),
  /** One primary of Redis or Valkey that must hold every event as well, `rediss://user:password@host:6379`. */
  AUDIT_REDIS_URL: v.optional(
    v.pipe(
      v.string(),
      v.check(
        (text) => text === '' || (isRedisUrl(text) && !text.includes(',')),
        'must be a URL redis://host:port',
      ),
    ),
    '',
  ),
  /** Key ring of the digest of variables in access events. */
  DIGEST_KEY_FILE: text,
  OIDC_ISSUER: url,
  OIDC_AUDIENCE: text,
  /** Where the issuer's keys are; found through its discovery document when absent. */
  OIDC_JWKS_URL: v.optional(url),
  DEPLOYMENT: v.optional(
    v.pipe(v.string(), v.regex(/^[a-z0-9.-]+$/, 'must be a host name')),
    'contactpoint.local',
  ),
  /** Of each name there is one gateway at a time. */
  INSTANCE: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[a-z0-9-]{1,60}$/, 'must be a name of letters, digits and hyphens'),
      v.notValues(COMMAND_INSTANCES, 'must not be the name of a command’s log'),
    ),
    'gateway-1',
  ),
  /** Seconds without checkpoints after which nothing is released; fewer for tests, never more. */
  CHECKPOINT_PATIENCE: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[1-9]\d?$/, 'must be seconds, 60 at most'),
      v.transform(Number),
      v.maxValue(60, 'must be seconds, 60 at most'),
    ),
    '60',
  ),
  /** Seconds between two looks at what alerts compare: longer ones put fewer comparisons on record, and alert later. */
  ALERT_INTERVAL: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[1-9]\d?$/, 'must be seconds, 60 at most'),
      v.transform(Number),
      v.maxValue(60, 'must be seconds, 60 at most'),
    ),
    '5',
  ),
  /** `rediss://user:password@host:6379`, or several of a Redis Cluster, separated by commas. */
  REDIS_URL: v.optional(
    v.pipe(
      v.string(),
      v.check(
        (text) => text === '' || isRedisUrl(text),
        'must be a URL redis://host:port, or several separated by commas',
      ),
    ),
    '',
  ),
  /** Gateways that serve together. */
  GATEWAYS: v.optional(
    v.pipe(v.string(), v.regex(/^[1-9]\d{0,3}$/, 'must be a number from 1'), v.transform(Number)),
    '1',
  ),
  SUBGRAPH_TIMEOUT: v.optional(milliseconds, '5000'),
  /** Of subgraphs that have another one, `health=2000,education=8000`. */
  SUBGRAPH_TIMEOUTS: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^(?:[a-z][a-z0-9-]*=[1-9]\d{0,5}(?:,(?=.)|$))*$/,
        'must be milliseconds by subgraph, health=2000,education=8000',
      ),
    ),
    '',
  ),
  OPERATION_TIMEOUT: v.optional(milliseconds, '15000'),
  /** Requests to subgraphs that one plan may hold. */
  PLAN_FETCHES: v.optional(count, String(PLAN_LIMITS.planFetches)),
  /** Bytes of GraphQL that one plan may send. */
  PLAN_BYTES: v.optional(count, String(PLAN_LIMITS.planBytes)),
  /** What reads GraphQL over HTTP: Apollo Server for the sake of its plugins; both lead to the same pipeline. */
  HTTP_ADAPTER: v.optional(v.picklist(ADAPTERS, `must be one of ${ADAPTERS.join(', ')}`), 'fastify'),
  /** Folder of the built explorer; without it `/explorer` is answered 404. */
  EXPLORER_FOLDER: v.optional(text),
  /** Public client of the issuer that the explorer signs in as. */
  EXPLORER_CLIENT: v.optional(text, 'contactpoint-explorer'),
  /** Limits of reading that are other than the defaults, by role. */
  BROWSE_LIMITS_FILE: v.optional(text),
  LOG_LEVEL: v.optional(v.picklist(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`), 'info'),
});

export interface Config {
  readonly port: number;
  readonly host: string;
  /** As the file was when the gateway started. */
  readonly supergraphSdl: string;
  /** Looked at again and again. */
  readonly supergraphFile: string;
  readonly grantKeysFolder: string;
  readonly auditDatabaseUrl: string;
  readonly auditKeysFile: string;
  readonly auditStandbys: number;
  /** Undefined where PostgreSQL alone keeps the log. */
  readonly auditRedisUrl: string | undefined;
  readonly digestKey: SigningKey;
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string | undefined;
  readonly deployment: string;
  readonly instance: string;
  /** Milliseconds. */
  readonly checkpointPatience: number;
  /** Milliseconds. */
  readonly alertInterval: number;
  /** Undefined where one gateway serves alone. */
  readonly redisUrl: string | undefined;
  /** Milliseconds. */
  readonly subgraphTimeout: number;
  /** Milliseconds by subgraph, where they differ. */
  readonly subgraphTimeouts: Readonly<Record<string, number>>;
  /** Milliseconds. */
  readonly operationTimeout: number;
  readonly planLimits: PlanLimits;
  readonly httpAdapter: AdapterName;
  readonly explorerFolder: string | undefined;
  readonly explorerClient: string;
  readonly browseLimits: LimitsByRole;
  readonly logLevel: string;
}

/** @throws ConfigError naming the first setting that is missing or wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const parsed = v.safeParse(Environment, environment);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const name = v.getDotPath(issue) ?? 'environment';
    const problem = environment[name] === undefined ? 'is not set' : issue.message;
    throw new ConfigError(`${name} ${problem}`);
  }
  const settings = parsed.output;
  if (settings.GATEWAYS > 1 && settings.REDIS_URL === '')
    throw new ConfigError(
      'REDIS_URL is not set, and GATEWAYS is more than 1: gateways that serve together share changes and limits over Redis',
    );
  return {
    port: settings.PORT,
    host: settings.HOST,
    supergraphSdl: readFileOf('SUPERGRAPH_FILE', settings.SUPERGRAPH_FILE),
    supergraphFile: settings.SUPERGRAPH_FILE,
    grantKeysFolder: settings.GRANT_KEYS_FOLDER,
    auditDatabaseUrl: settings.AUDIT_DATABASE_URL,
    auditKeysFile: settings.AUDIT_KEYS_FILE,
    auditStandbys: settings.AUDIT_STANDBYS,
    auditRedisUrl: settings.AUDIT_REDIS_URL === '' ? undefined : settings.AUDIT_REDIS_URL,
    digestKey: readSigningKey('DIGEST_KEY_FILE', settings.DIGEST_KEY_FILE),
    issuer: settings.OIDC_ISSUER,
    audience: settings.OIDC_AUDIENCE,
    jwksUrl: settings.OIDC_JWKS_URL,
    deployment: settings.DEPLOYMENT,
    instance: settings.INSTANCE,
    checkpointPatience: settings.CHECKPOINT_PATIENCE * 1_000,
    alertInterval: settings.ALERT_INTERVAL * 1_000,
    redisUrl: settings.REDIS_URL === '' ? undefined : settings.REDIS_URL,
    subgraphTimeout: settings.SUBGRAPH_TIMEOUT,
    subgraphTimeouts: timeoutsOf(settings.SUBGRAPH_TIMEOUTS),
    operationTimeout: settings.OPERATION_TIMEOUT,
    planLimits: { planFetches: settings.PLAN_FETCHES, planBytes: settings.PLAN_BYTES },
    httpAdapter: settings.HTTP_ADAPTER,
    explorerFolder: settings.EXPLORER_FOLDER,
    explorerClient: settings.EXPLORER_CLIENT,
    browseLimits: readBrowseLimits(settings.BROWSE_LIMITS_FILE),
    logLevel: settings.LOG_LEVEL,
  };
}

function timeoutsOf(text: string): Readonly<Record<string, number>> {
  const named = text.split(',').filter((part) => part !== '');
  return Object.fromEntries(
    named.map((part): [string, number] => {
      const [name = '', timeout] = part.split('=');
      return [name, Number(timeout)];
    }),
  );
}

function readFileOf(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`${setting} names a file that cannot be read`, { cause });
  }
}
