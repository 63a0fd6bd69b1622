import type { LogKeys } from '@contactpoint/audit-log/log-keys';
import type { ContractSubgraph } from '@contactpoint/contract/sdl';
import { KnownKeysError, openKnownKeys } from '../audit/known-keys.ts';
import { type RunFile, readRunFile } from '../system/run-file.ts';
import { ImportError } from './import-error.ts';

export interface ImportSettings {
  /** @throws ImportError CONFIGURATION when nothing says where the subgraph's database is. */
  databaseOf(subgraph: ContractSubgraph): string;
  /** URL of the audit database as its writer. */
  readonly auditUrl: string;
  /** Who runs the system, for the name of the log. */
  readonly deployment: string;
  /** Keys by which the log of the import before must be signed. */
  readonly keys: () => LogKeys;
}

/**
 * Where the databases are: the environment (`DIRECTORY_DATABASE_URL`, `SOCIAL_CARE_DATABASE_URL` … and
 * `AUDIT_WRITER_DATABASE_URL`) and the keys of checkpoints (`AUDIT_KEYS_FILE`), else `run.json`, which a started system leaves in its folder.
 *
 * @throws ImportError CONFIGURATION naming what is missing.
 */
export function readImportSettings(data: string, environment: NodeJS.ProcessEnv): ImportSettings {
  const run = readRun(data);
  const auditUrl = environment['AUDIT_WRITER_DATABASE_URL'] ?? run?.audit.writerUrl;
  if (auditUrl === undefined) throw missing('AUDIT_WRITER_DATABASE_URL', data);
  return {
    auditUrl,
    deployment: environment['CONTACTPOINT_DEPLOYMENT'] ?? run?.deployment ?? 'contactpoint.local',
    keys: readKeys(data, environment),
    databaseOf(subgraph) {
      const name = `${subgraph.toUpperCase().replaceAll('-', '_')}_DATABASE_URL`;
      const url = environment[name] ?? run?.databases[subgraph];
      if (url === undefined) throw missing(name, data);
      return url;
    },
  };
}

function readKeys(data: string, environment: NodeJS.ProcessEnv): () => LogKeys {
  try {
    return openKnownKeys(data, environment);
  } catch (cause) {
    if (!(cause instanceof KnownKeysError)) throw cause;
    throw new ImportError('CONFIGURATION', cause.message, { cause });
  }
}

function readRun(data: string): RunFile | undefined {
  try {
    return readRunFile(data);
  } catch (cause) {
    throw new ImportError('CONFIGURATION', `${data}/run.json is not what a started system leaves there`, {
      cause,
    });
  }
}

function missing(name: string, data: string): ImportError {
  return new ImportError(
    'CONFIGURATION',
    `${name} is not set and ${data}/run.json does not say: start the system first`,
  );
}
