import { join } from 'node:path';
import { prepareAuditDatabase, type RoleCredentials } from '@contactpoint/audit-log/schema';
import { SettingError } from '@contactpoint/subgraph-kit/setting-error';
import { type Cluster, startCluster } from '../postgres/embedded-postgres.ts';
import type { Ports } from './ports.ts';
import { ensurePassword } from './secrets.ts';

/** The two PostgreSQL clusters: the agencies' databases, and the log in one of its own. */
export interface Clusters {
  /** Superuser URL of the agencies' cluster. */
  readonly url: string;
  readonly audit: {
    /** May append to logs of its own, and nothing else. */
    readonly writerUrl: string;
    /** May select, and nothing else. */
    readonly readerUrl: string;
    /** May read hashes of leaves, and insert checkpoints. */
    readonly signerUrl: string;
    /** May select, and prune what is past its term. */
    readonly retentionUrl: string;
  };
  /** Embedded ones; undefined where an existing cluster is used. */
  readonly embedded: { readonly agencies: Cluster | undefined; readonly audit: Cluster | undefined };
  stop(): Promise<void>;
}

export interface ClusterChoice {
  readonly data: string;
  readonly databaseUrl?: string | undefined;
  readonly auditDatabaseUrl?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Six subgraphs and commands beside them, four connections each, and some to spare. */
const AGENCY_SETTINGS = { max_connections: '60', shared_buffers: '64MB' };

/**
 * Few connections, and every commit on disk before it is acknowledged: never to be loosened. Locks for every day of
 * decades: whoever looks for a leaf of any day locks each day's partition and its index.
 */
const AUDIT_SETTINGS = {
  max_locks_per_transaction: '1024',
  max_connections: '30',
  shared_buffers: '32MB',
  fsync: 'on',
  synchronous_commit: 'on',
};

/** @throws Error when a cluster does not start; the other one is stopped then. */
export async function startClusters(choice: ClusterChoice, ports: Ports): Promise<Clusters> {
  const { data, signal } = choice;
  const starts = await Promise.allSettled([
    choice.databaseUrl === undefined
      ? startCluster({
          folder: join(data, 'postgres'),
          port: ports.database,
          settings: AGENCY_SETTINGS,
          signal,
        })
      : undefined,
    choice.auditDatabaseUrl === undefined
      ? startCluster({
          folder: join(data, 'audit-postgres'),
          port: ports.auditDatabase,
          settings: AUDIT_SETTINGS,
          signal,
        })
      : undefined,
  ]);
  const [agencies, audit] = starts.map((start) => (start.status === 'fulfilled' ? start.value : undefined));
  const stop = async () => {
    await Promise.all([agencies?.stop(), audit?.stop()]);
  };
  try {
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
    const auditUrl = choice.auditDatabaseUrl ?? audit?.url ?? '';
    const roles = {
      writer: roleOf(data, 'contactpoint_log_writer'),
      reader: roleOf(data, 'contactpoint_log_reader'),
      signer: roleOf(data, 'contactpoint_log_signer'),
      retention: roleOf(data, 'contactpoint_log_retention'),
    };
    await orUnreachable('AUDIT_DATABASE_URL', prepareAuditDatabase(auditUrl, roles));
    return {
      url: choice.databaseUrl ?? agencies?.url ?? '',
      audit: {
        writerUrl: asRole(auditUrl, roles.writer),
        readerUrl: asRole(auditUrl, roles.reader),
        signerUrl: asRole(auditUrl, roles.signer),
        retentionUrl: asRole(auditUrl, roles.retention),
      },
      embedded: { agencies, audit },
      stop,
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

/** The driver's own words name an address at best, and never the setting. */
export async function orUnreachable<T>(setting: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const { code = 'no answer' } = cause as { readonly code?: string };
    throw new SettingError(setting, `names a database that cannot be used (${code})`, { cause });
  }
}

function roleOf(data: string, user: string): RoleCredentials {
  return { user, password: ensurePassword(data, user) };
}

function asRole(superUrl: string, { user, password }: RoleCredentials): string {
  const url = new URL(superUrl);
  url.username = user;
  url.password = password;
  return url.href;
}
