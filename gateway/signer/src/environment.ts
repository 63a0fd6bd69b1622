import * as v from 'valibot';
import { SettingError } from './setting-error.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const text = v.pipe(v.string(), v.nonEmpty('is not set'));

/** What signer and witness have in common. */
export const ProcessSettings = {
  PORT: v.pipe(
    v.string(),
    v.regex(/^\d{1,5}$/, 'must be a port'),
    v.transform(Number),
    v.maxValue(65_535, 'must be a port'),
  ),
  HOST: v.optional(v.string(), '127.0.0.1'),
  LOG_LEVEL: v.optional(v.picklist(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`), 'info'),
};

export const SignerSettings = v.object({
  ...ProcessSettings,
  /** Audit database, as the role that may read hashes and insert checkpoints. */
  AUDIT_SIGNER_URL: v.pipe(
    text,
    v.url('must be a URL postgres://user:password@host:port/database'),
    v.regex(/^postgres(ql)?:/, 'must be a URL postgres://user:password@host:port/database'),
  ),
  /** As the gateways have it. */
  DEPLOYMENT: v.pipe(v.string(), v.regex(/^[a-z0-9.-]{1,100}$/, 'must be a host name')),
  CHECKPOINT_KEY_FILE: text,
  /** Every vkey that the deployment ever had; needed to adopt what a former key signed. */
  AUDIT_KEYS_FILE: v.optional(text),
  SIGNER_STATE: text,
  WITNESSES_FILE: v.optional(text),
  /** Cosignatures that the published checkpoint of the log of logs has. */
  WITNESS_QUORUM: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,2}$/, 'must be a number'), v.transform(Number)),
    '0',
  ),
});

/** @throws SettingError naming the first variable that is missing or wrong; never its value. */
export function readEnvironment<Schema extends v.GenericSchema>(
  schema: Schema,
  environment: NodeJS.ProcessEnv,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, environment);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const name = v.getDotPath(issue) ?? 'The environment';
  throw new SettingError(name, environment[name] === undefined ? 'is not set' : issue.message);
}
