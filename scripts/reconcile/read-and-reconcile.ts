import { readerUrlOf } from '../audit/audit-settings.ts';
import { openReader } from '../postgres/open-reader.ts';
import { openDirectoryNumbers } from './directory-numbers.ts';
import { contractOwners } from './field-owners.ts';
import { readInterruptions } from './interruptions.ts';
import { openGrantLog } from './logged-grants.ts';
import { type Reconciliation, reconcile } from './reconcile.ts';
import { findRemovedIn } from './removed-events.ts';
import { databaseUrlOf, journalsOf, type SourceChoice } from './sources.ts';

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
  const oversightUrl = databaseUrlOf('oversight', choice);
  const oversight = oversightUrl === undefined ? undefined : openReader(oversightUrl, { arrays: true });
  // One connection walks the log, another looks events up.
  const sql = openReader(readerUrlOf(choice, environment), { max: 2, arrays: true });
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
