import postgres from 'postgres';
import { openDirectoryNumbers } from './directory-numbers.ts';
import { readInterruptions } from './interruptions.ts';
import { openGrantLog } from './logged-grants.ts';
import { type Reconciliation, reconcile } from './reconcile.ts';
import { auditReaderUrlOf, directoryUrlOf, journalsOf, type SourceChoice } from './sources.ts';

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
  const directoryUrl = directoryUrlOf(choice);
  const directory = directoryUrl === undefined ? undefined : openDirectoryNumbers(directoryUrl);
  // One connection walks the log, another looks events up.
  const sql = postgres(auditReaderUrlOf(choice.data, environment), {
    max: 2,
    connect_timeout: 5,
    connection: { default_transaction_read_only: true },
  });
  try {
    const { since } = choice;
    const from = since && new Date(since.getTime() - CLOCKS_APART);
    return await reconcile({
      journals,
      log: openGrantLog(sql, from),
      interruptions: await readInterruptions(sql, readAt),
      directory: directory?.known,
      ...{ readAt, since },
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  } finally {
    await Promise.all([sql.end({ timeout: 1 }), directory?.close()]);
  }
}
