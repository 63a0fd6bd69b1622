import { resolve } from 'node:path';
import { TERM_YEARS } from '@contactpoint/audit-log/retention/term';
import { connect } from '@contactpoint/subgraph-kit/store';
import { Command, InvalidArgumentError } from 'commander';
import { dataFolder } from '../system/run-file.ts';
import { orOutOfReach } from './out-of-reach.ts';
import { type PrunedLog, pruneLogs } from './prune-logs.ts';
import { openRetentionLog, type RetentionLog } from './retention-log.ts';
import { type RetentionSettings, readRetentionSettings } from './retention-settings.ts';

interface PruneCommandOptions {
  readonly dryRun: boolean;
  readonly termYears: number;
  readonly data: string;
}

/** `npm run audit -- prune`: forgets what is past its term and under no lawful hold. */
export const pruneCommand = new Command('prune')
  .description('forgets accesses after their term; the log’s tree and every proof hold as before')
  .option('--dry-run', 'count what would go, and change nothing', false)
  .option(
    '--term-years <years>',
    'years after the 18th birthday, or after the access where that is later',
    yearsOf,
    TERM_YEARS,
  )
  .option('--data <folder>', 'folder of the system, CONTACTPOINT_DATA or', dataFolder())
  .addHelpText(
    'after',
    '\nThe databases are those of AUDIT_RETENTION_DATABASE_URL, AUDIT_WRITER_DATABASE_URL, DIRECTORY_DATABASE_URL and' +
      '\nOVERSIGHT_DATABASE_URL or, without them, those of the system of the folder. If one of them cannot be read,' +
      '\nnothing is pruned, nor where the keys of checkpoints cannot be (AUDIT_KEYS_FILE or audit-keys.txt of the folder).' +
      '\nExit codes: 0 pruned, 2 usage, configuration, or something out of reach.',
  )
  .action(prune);

async function prune({ dryRun, termYears: years, data }: PruneCommandOptions): Promise<void> {
  const outcome = dryRun
    ? 'Nothing was counted'
    : 'The log was not pruned to the end; the same command goes on';
  const settings = readRetentionSettings(resolve(data), process.env);
  show(await orOutOfReach(outcome, () => pruneWith(settings, { years, dryRun })), dryRun);
}

async function pruneWith(
  { retentionUrl, writerUrl, directoryUrl, oversightUrl, deployment, keys }: RetentionSettings,
  { years, dryRun }: { readonly years: number; readonly dryRun: boolean },
): Promise<readonly PrunedLog[]> {
  const stores = {
    audit: connect(retentionUrl, { max: 2 }),
    directory: connect(directoryUrl, { max: 1 }),
    oversight: connect(oversightUrl, { max: 2 }),
  };
  let log: Promise<RetentionLog> | undefined;
  const openLog = () => {
    log ??= openRetentionLog({ url: writerUrl, deployment, keys });
    return log;
  };
  try {
    return await pruneLogs(stores, { now: new Date(), years, openLog: dryRun ? undefined : openLog });
  } finally {
    await log?.then((opened) => opened.close()).catch(() => undefined);
    await Promise.all(Object.values(stores).map((store) => store.end({ timeout: 1 })));
  }
}

function show(pruned: readonly PrunedLog[], dryRun: boolean): void {
  const leaves = pruned.reduce((sum, log) => sum + log.leaves, 0);
  const verb = dryRun ? 'would go' : 'are forgotten';
  for (const log of pruned) process.stdout.write(`${log.origin}  ${log.leaves}\n`);
  process.stdout.write(`${leaves} leaves of ${pruned.length} logs ${verb}\n`);
}

function yearsOf(text: string): number {
  const years = Number(text);
  if (!Number.isInteger(years) || years < 1 || years > 100)
    throw new InvalidArgumentError('A term is from 1 to 100 whole years.');
  return years;
}
