import { registerIdentities } from '@contactpoint/directory/register';
import type { Register } from '@contactpoint/social-care/import/registration';
import { type ImportReport, MalformedFileError } from '@contactpoint/subgraph-kit/import-report';
import { countRows } from '@contactpoint/subgraph-kit/statistics';
import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import { inTransaction } from '@contactpoint/subgraph-kit/transaction';
import { type ImportAudit, recordIntent } from './audit.ts';
import { ImportError } from './import-error.ts';
import type { ImportSettings } from './settings.ts';
import { IMPORT_SOURCES, type ImportSource, type ImportSourceName } from './sources.ts';

export interface ImportRequest {
  readonly source: ImportSourceName;
  readonly files: readonly string[];
  /** DfE code of the local authority. */
  readonly authority?: string;
  readonly dryRun: boolean;
  readonly onProgress: (read: number, total: number) => void;
  /** Told what the import waits for before it begins. */
  readonly onWaiting?: (why: string) => void;
  /** For tests, see `ImportAuditOptions`. */
  readonly coveredWithin?: number;
  readonly allowUnsafeServer?: boolean;
}

/**
 * Imports files under an event of their own: the intent is durable before anything is stored, the outcome after. A dry
 * run stores nothing and is not recorded.
 *
 * @throws ImportError saying what was wrong; what the directory has taken by then, the same import again completes.
 */
export async function runImport(request: ImportRequest, settings: ImportSettings): Promise<ImportReport> {
  const source: ImportSource = IMPORT_SOURCES[request.source];
  const audit = request.dryRun ? undefined : await recordIntent({ ...request, ...settings });
  try {
    return await importRecorded(request, source, settings, audit);
  } finally {
    await audit?.close();
  }
}

async function importRecorded(
  request: ImportRequest,
  source: ImportSource,
  settings: ImportSettings,
  audit: ImportAudit | undefined,
): Promise<ImportReport> {
  const stores: Store[] = [];
  const lost = watchForLoss(() => childIds.length > 0);
  const open = (subgraph: ImportSource['subgraph']) => {
    const store = connect(settings.databaseOf(subgraph), { onClose: lost.onClose });
    stores.push(store);
    return store;
  };
  const childIds: string[] = [];
  let authority = request.authority;
  try {
    const directory = source.bringsChildren ? open('directory') : undefined;
    const register: Register = async (incoming) => {
      if (directory === undefined) throw new Error(`${request.source} brings no children`);
      authority ??= incoming[0]?.authority;
      const results = await inTransaction(directory, async (sql) => await registerIdentities(sql, incoming));
      childIds.push(...results.flatMap(({ childId }) => childId ?? []));
      return results;
    };
    const importing = source.import({
      files: request.files,
      authority: request.authority ?? '',
      dryRun: request.dryRun,
      store: open(source.subgraph),
      register,
      onProgress: request.onProgress,
    });
    const report = await Promise.race([importing, lost.failure]);
    await audit?.complete(report, {
      childIds,
      ...(authority === undefined ? {} : { organisation: `LA-${authority}` }),
    });
    return report;
  } catch (cause) {
    const error = importErrorOf(cause, childIds.length > 0);
    // Should this not be recorded either, the intent stands alone, and what went wrong first is the thing to tell.
    if (error.code !== 'AUDIT_UNAVAILABLE') await audit?.refuse(error.code).catch(() => undefined);
    throw error;
  } finally {
    // After what is on record by now, and of what a failed import has stored as well: PostgreSQL will count by itself where
    // this does not succeed.
    if (!request.dryRun)
      await Promise.race([Promise.all(stores.map(countRows)), lost.failure]).catch(() => undefined);
    lost.ignore();
    for (const store of stores) await store.end({ timeout: 5 });
  }
}

/** Milliseconds in which the statement that met the loss may say better what it was. */
const LOSS_TOLD_WITHIN = 1_000;

/** An import that lost a connection ends, though the driver leaves some of its statements without an answer. */
function watchForLoss(isIncomplete: () => boolean) {
  const { promise: failure, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  return {
    failure,
    onClose: () => {
      timer ??= setTimeout(() => {
        const options = { isIncomplete: isIncomplete() };
        reject(new ImportError('DATABASE_UNAVAILABLE', 'The connection to a database was lost', options));
      }, LOSS_TOLD_WITHIN);
    },
    ignore: () => {
      // Stores that are let go close as well.
      timer ??= setTimeout(() => undefined);
      clearTimeout(timer);
    },
  };
}

/** @param isIncomplete Whether the directory had taken children when it happened. */
function importErrorOf(cause: unknown, isIncomplete: boolean): ImportError {
  if (cause instanceof ImportError) return cause;
  if (cause instanceof MalformedFileError) return new ImportError('MALFORMED_FILE', cause.message, { cause });
  const { code, path } = cause as NodeJS.ErrnoException;
  if (isUnreachable(code))
    return new ImportError('DATABASE_UNAVAILABLE', `A database does not answer (${code})`, {
      cause,
      isIncomplete,
    });
  if (path !== undefined)
    return new ImportError('FILE_NOT_READABLE', `${path} cannot be read (${code})`, { cause });
  // Without the message: a database's can quote the row that it refused.
  const what = code ?? (cause instanceof Error ? cause.name : 'no code');
  return new ImportError('FAILED', `Something that should not happen: ${what}`, { cause, isIncomplete });
}

/** Codes of sockets, of postgres.js, and PostgreSQL's classes 08 (connection) and 57P (shutdown), 28 (sign-in), 3D. */
function isUnreachable(code: string | undefined): boolean {
  return (
    code !== undefined && /^(ECONN|ENOTFOUND|EHOST|ETIMEDOUT|CONNECT|CONNECTION_|08|57P|28|3D)/.test(code)
  );
}
