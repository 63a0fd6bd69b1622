import { mkdirSync, readdirSync } from 'node:fs';
import { EXIT_CODE } from '@contactpoint/audit-verifier/exit-code';
import { writeExport } from '@contactpoint/audit-verifier/write-export';
import { Command, InvalidArgumentError } from 'commander';
import { showReplayProgress } from '../policy/replay-progress.ts';
import { AuditCommandError } from './audit-command-error.ts';
import { readerUrlOf, readRecordSettings } from './audit-settings.ts';
import { type PlaceOptions, type ReaderOptions, withPlace, withReader } from './command-options.ts';
import { type DatabaseSource, openDatabase } from './database-source.ts';
import { exportEvents } from './export-events.ts';
import { recordReading } from './record-reading.ts';

interface ExportCommandOptions extends PlaceOptions, ReaderOptions {
  readonly fhir?: string;
  readonly ocsf?: string;
  readonly since?: Date;
}

/** `npm run audit -- export`: takes the log out of its database, for whoever verifies it or reads it elsewhere. */
export const exportCommand = withReader(
  withPlace(
    new Command('export')
      .description('writes the log as files: whole and verifiable, or its events in a standard’s words')
      .argument(
        '[folder]',
        'where to write the log as C2SP tlog-tiles, every leaf with its nonce; empty or not there yet',
      )
      .option(
        '--fhir <file>',
        'where to write its events as FHIR R4 AuditEvents, NDJSON, without nonces and reasons',
      )
      .option('--ocsf <file>', 'where to write its events as OCSF events, NDJSON, likewise')
      .option('--since <time>', 'events from then on, for --fhir and --ocsf: RFC 3339 or a date', timeOf),
  ),
)
  .addHelpText(
    'after',
    '\nThat you read the log is put on record first, and nothing is read if it cannot be: in the database of' +
      '\nAUDIT_WRITER_DATABASE_URL or, without it, of the system of the folder. Files are for their owner alone.' +
      `\nExit codes: ${EXIT_CODE.SOUND} written, ${EXIT_CODE.UNREADABLE} usage, or not written.`,
  )
  .action(exportLog);

async function exportLog(folder: string | undefined, options: ExportCommandOptions): Promise<void> {
  const { fhir, ocsf, since } = options;
  if (folder === undefined && fhir === undefined && ocsf === undefined) {
    throw new AuditCommandError('Say what to write: a folder, --fhir FILE or --ocsf FILE');
  }
  if (folder !== undefined) requireEmpty(folder);
  const readerUrl = readerUrlOf(options, process.env);
  const receipt = await recordReading(
    { ...options, operation: 'AuditExport' },
    readRecordSettings(options.data, process.env),
  );
  process.stderr.write(`on record as ${receipt}\n`);
  const source = await openDatabase(readerUrl);
  try {
    if (folder !== undefined) await exportFolder(source, folder);
    if (fhir !== undefined || ocsf !== undefined) {
      await exportFiles(source, {
        ...(fhir === undefined ? {} : { fhir }),
        ...(ocsf === undefined ? {} : { ocsf }),
        ...(since === undefined ? {} : { since }),
      });
    }
  } finally {
    await source.close();
  }
}

async function exportFolder(source: DatabaseSource, folder: string): Promise<void> {
  const progress = showReplayProgress(undefined, undefined, 'events written');
  const { logs, leaves } = await writeExport(source, folder, { onProgress: progress.onProgress });
  progress.stop();
  process.stdout.write(`${leaves} events of ${logs} logs in ${folder}\n`);
}

async function exportFiles(source: DatabaseSource, files: Parameters<typeof exportEvents>[1]): Promise<void> {
  const progress = showReplayProgress(undefined, undefined, 'events written');
  const { events, auditEvents, pruned, unreadable } = await exportEvents(source, {
    ...files,
    onProgress: progress.onProgress,
  });
  progress.stop();
  const resources = files.fhir === undefined ? '' : `, ${auditEvents} AuditEvents`;
  process.stdout.write(`${events} events${resources}; ${pruned} pruned, ${unreadable} not readable\n`);
}

function requireEmpty(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (readdirSync(folder).length > 0) throw new AuditCommandError(`${folder} is not empty`);
}

function timeOf(text: string): Date {
  const time = /^\d{4}-\d\d-\d\d(T.+)?$/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('Write it as 2026-11-22T08:00:00Z.');
  return time;
}
