import postgres from 'postgres';
import { openDirectoryNumbers } from './directory-numbers.ts';
import { contractOwners } from './field-owners.ts';
import { readInterruptions } from './interruptions.ts';
import { openGrantLog } from './logged-grants.ts';
import { type Reconciliation, reconcile } from './reconcile.ts';
import { findRemovedIn } from './removed-events.ts';
import { auditReaderUrlOf, databaseUrlOf, journalsOf, type SourceChoice } from './sources.ts';

/** Milliseconds by which an agency's clock may be wrong without its entries being taken for older than their events. */
const CLOCKS_APART = 3_600_000;

/**
 * Reads journals and log from where they are, and compares them.
 *
 * @param readAt The present moment.
 * @throws ReconcileError when one of them cannot be read.
 */
export async function readAndReconcile(
  choice: SourceChoice,
  environment: NodeJS.ProcessEnv,
  readAt: Date,
  onProgress?: (requests: number) => void,
): Promise<Reconciliation> {
  const journals = journalsOf(choice);
  const directoryUrl = databaseUrlOf('directory', choice);
  const directory = directoryUrl === undefined ? undefined : openDirectoryNumbers(directoryUrl);
  const oversight = openReadOnly(databaseUrlOf('oversight', choice), 1);
  // One connection walks the log, another looks events up.
  const sql = openReadOnly(auditReaderUrlOf(choice.data, environment), 2);
  try {
    const { since } = choice;
    const from = since && new Date(since.getTime() - CLOCKS_APART);
    return await reconcile({
      journals,
      log: openGrantLog(sql, from),
      interruptions: await readInterruptions(sql, readAt),
      directory: directory?.known,
      removed: oversight === undefined ? undefined : findRemovedIn(oversight, sql),
      owners: contractOwners(),
      ...{ readAt, since },
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  } finally {
    await Promise.all([sql.end({ timeout: 1 }), oversight?.end({ timeout: 1 }), directory?.close()]);
  }
}

function openReadOnly(url: string, max: number): postgres.Sql;
function openReadOnly(url: string | undefined, max: number): postgres.Sql | undefined;
function openReadOnly(url: string | undefined, max: number): postgres.Sql | undefined {
  const connection = { default_transaction_read_only: true };
  return url === undefined ? undefined : postgres(url, { max, connect_timeout: 5, connection });
}
