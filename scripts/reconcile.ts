import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { INTERRUPTED_HELP, mindInterrupts } from '@contactpoint/audit-verifier/mind-interrupts';
import { mindOutput } from '@contactpoint/audit-verifier/mind-output';
import { Command, InvalidArgumentError } from 'commander';
import { readerUrlOf, readRecordSettings } from './audit/audit-settings.ts';
import { sayFailure } from './audit/command-failure.ts';
import { purposeOf, reasonOf } from './audit/command-options.ts';
import { recordReading } from './audit/record-reading.ts';
import { writeJournalFile } from './reconcile/journal-file.ts';
import { readAndReconcile } from './reconcile/read-and-reconcile.ts';
import { ReconcileError } from './reconcile/reconcile-error.ts';
import { isSound, showReconciliation } from './reconcile/show-reconciliation.ts';
import { journalsOf, type SourceChoice } from './reconcile/sources.ts';
import { dataFolder } from './system/run-file.ts';

const EXIT_CODES = { SOUND: 0, BYPASS: 1, UNREADABLE: 2 } as const;

interface ReconcileCommandOptions extends SourceChoice {
  readonly exportJournal?: string;
  readonly json: boolean;
  /** Undefined where the account that runs the command says who it is. */
  readonly practitioner?: string;
  readonly reason: string;
  readonly purpose: string;
}

mindOutput();
let outcome = 'Nothing is said about the journals';
mindInterrupts(() => outcome);

/** `npm run reconcile`: what the agencies showed, held against what the log says they were asked. */
const command = new Command('npm run reconcile --')
  .description(
    "Compares the agencies' journals with the audit log: what was shown past the gateway, and what the log has too much.",
  )
  .option('--data <folder>', 'folder of the system, CONTACTPOINT_DATA or', dataFolder())
  .option('--subgraph <name>', 'the journal of this subgraph only')
  .option('--journal <file>', 'the journal of --subgraph as a file, for an agency with a database of its own')
  .option(
    '--databases <file>',
    'JSON with a database URL by subgraph, in place of where the system keeps them',
  )
  .option('--since <time>', 'entries made from then on, RFC 3339 or a date', timeOf)
  .option(
    '--export-journal <file>',
    'write the journal of --subgraph as such a file instead, mode 0600; compare nothing',
  )
  .option('--json', 'for programs', false)
  .option('--practitioner <id>', 'who compares, as the log names practitioners (default: the account)')
  .option(
    '--reason <text>',
    'what for, 10 to 500 characters',
    reasonOf,
    'Comparison of the agencies’ journals with the log',
  )
  .option('--purpose <code>', 'purpose of use', purposeOf, 'AUD')
  .addHelpText(
    'after',
    '\nThe log is read from AUDIT_READER_DATABASE_URL or, without it, from where the system of the folder keeps it.' +
      '\nThat it is read is put on record first, in the database of AUDIT_WRITER_DATABASE_URL or of that system, and' +
      '\nnothing is read if it cannot be. A journal that is only exported is not of the log, and needs neither.' +
      `\nExit codes: ${EXIT_CODES.SOUND} nothing was shown past the log, ${EXIT_CODES.BYPASS} something was,` +
      `\n${EXIT_CODES.UNREADABLE} usage, or a journal or the log cannot be read.${INTERRUPTED_HELP}`,
  )
  .allowExcessArguments(false)
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? EXIT_CODES.SOUND : EXIT_CODES.UNREADABLE))
  .parse();

// The driver throws where nobody can catch it when a connection is gone (https://github.com/porsager/postgres/issues/1208).
process.once('uncaughtException', (error) => {
  fail(error);
  process.exit();
});
try {
  const { subgraph, journal, exportJournal, json, practitioner, reason, purpose, ...rest } =
    command.opts<ReconcileCommandOptions>();
  if (subgraph === undefined && (journal ?? exportJournal) !== undefined)
    throw new ReconcileError('--journal and --export-journal are of one --subgraph');
  const choice = {
    ...{ ...rest, data: resolve(rest.data) },
    ...(subgraph === undefined ? {} : { subgraph }),
    ...(journal === undefined ? {} : { journal }),
  };
  if (exportJournal !== undefined) await exportTo(exportJournal, choice);
  else {
    await record({ practitioner: practitioner ?? account(), reason, purpose }, choice);
    const found = await readAndReconcile(choice, process.env, new Date(), showProgress());
    process.stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : showReconciliation(found));
    process.exitCode = isSound(found) ? EXIT_CODES.SOUND : EXIT_CODES.BYPASS;
  }
} catch (error) {
  fail(error);
}

/** Node's own exit code for an error would pass for "found". */
function fail(error: unknown): void {
  console.error(error instanceof ReconcileError ? error.message : (sayFailure(error) ?? error));
  process.exitCode = EXIT_CODES.UNREADABLE;
}

async function exportTo(file: string, choice: SourceChoice): Promise<void> {
  const [journal] = journalsOf(choice);
  if (journal === undefined) return;
  outcome = `What was written is not whole, and lies in ${file}.part`;
  const entries = await writeJournalFile(journal, file);
  process.stderr.write(`${entries} entries of ${journal.subgraph} in ${file}\n`);
}

/**
 * Who compares learns who asked about whom, as whoever reads the log does.
 *
 * @throws ReconcileError where nothing says what would be read; AuditCommandError when it cannot be put on record.
 */
async function record(
  reader: { readonly practitioner: string; readonly reason: string; readonly purpose: string },
  choice: SourceChoice,
): Promise<void> {
  journalsOf(choice);
  readerUrlOf(choice, process.env);
  const reading = { ...reader, operation: 'AuditReconcile', client: 'npm run reconcile' };
  const receipt = await recordReading(reading, readRecordSettings(choice.data, process.env));
  process.stderr.write(`on record as ${receipt}\n`);
}

/** Marked, so that nobody takes it for a practitioner's. */
function account(): string {
  return `account:${userInfo().username}`;
}

/** Signs of life, a line each time ten times as many have been compared. */
function showProgress(): (requests: number) => void {
  let next = 10_000;
  return (requests) => {
    if (requests < next) return;
    next *= 10;
    process.stderr.write(`${requests} requests compared\n`);
  };
}

function timeOf(text: string): Date {
  const time = /^\d{4}-\d\d-\d\d(T.+)?$/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('Write it as 2026-11-22T08:00:00Z.');
  return time;
}
