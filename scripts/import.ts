import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { mindOutput } from '@contactpoint/audit-verifier/mind-output';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { IMPORT_EXIT_CODES, ImportError } from './import/import-error.ts';
import { showProgress } from './import/progress.ts';
import { runImport } from './import/run-import.ts';
import { readImportSettings } from './import/settings.ts';
import { showReport } from './import/show-report.ts';
import { IMPORT_SOURCES, type ImportSource, type ImportSourceName } from './import/sources.ts';
import { dataFolder } from './system/run-file.ts';

mindOutput(IMPORT_EXIT_CODES.FAILED);

interface ImportCommandOptions {
  readonly la?: string;
  readonly report?: string;
  readonly dryRun: boolean;
  readonly data: string;
}

/** `npm run import -- SOURCE FILE…`: reads a statutory or public format as it is into the agency that holds it. */
const command = new Command('npm run import --')
  .description('Imports files into the agency that holds their record, and reports what became of every row.')
  .addArgument(new Argument('<source>', describeSources()).choices(Object.keys(IMPORT_SOURCES)))
  .argument('<files...>')
  .option('--la <code>', 'DfE code of the local authority, for sources that name none', authorityOf)
  .option('--report <file>', 'where to write the whole report, JSON')
  .option('--dry-run', 'read and check, store nothing', false)
  .option('--data <folder>', 'folder of the system, CONTACTPOINT_DATA or', dataFolder())
  .addHelpText(
    'after',
    '\nExit codes: 0 imported, quarantined rows included; 64 usage; 65 malformed file; 66 file not readable;' +
      '\n69 a database or the audit log out of reach; 70 failed; 78 configuration.',
  )
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : IMPORT_EXIT_CODES.USAGE))
  .parse();

const [source, files] = command.processedArgs as [ImportSourceName, string[]];
const options = command.opts<ImportCommandOptions>();
const progress = showProgress(source);
// The driver throws where nobody can catch it when a connection is gone (https://github.com/porsager/postgres/issues/1208).
process.once('uncaughtException', () => {
  fail(new ImportError('DATABASE_UNAVAILABLE', 'A database went away', { isIncomplete: true }));
  process.exit();
});
try {
  refuseUsage(source, files, options);
  const report = await runImport(
    {
      source,
      files,
      dryRun: options.dryRun,
      onProgress: progress.onProgress,
      onWaiting: progress.onWaiting,
      ...(options.la === undefined ? {} : { authority: options.la }),
    },
    readImportSettings(resolve(options.data), process.env),
  );
  progress.stop();
  process.stdout.write(
    options.dryRun ? `Dry run, nothing was stored.\n${showReport(report)}` : showReport(report),
  );
  if (options.report !== undefined) writeFileSync(options.report, `${JSON.stringify(report, null, 2)}\n`);
} catch (error) {
  if (!(error instanceof ImportError)) throw error;
  fail(error);
}

function fail(error: ImportError): void {
  progress.stop();
  const outcome = error.isIncomplete
    ? `${source} was not imported to its end; the same command again completes it`
    : `Nothing of ${source} was imported`;
  process.stderr.write(`${outcome}. ${error.message}.\n`);
  process.exitCode = IMPORT_EXIT_CODES[error.code];
}

function refuseUsage(
  name: ImportSourceName,
  given: readonly string[],
  { la, dryRun }: ImportCommandOptions,
): void {
  const wanted: ImportSource = IMPORT_SOURCES[name];
  if (wanted.needsAuthority && la === undefined)
    throw new ImportError('USAGE', `--la is missing: ${name} does not name its local authority`);
  if (!wanted.needsAuthority && la !== undefined) throw new ImportError('USAGE', `--la is not for ${name}`);
  if (wanted.files === 'one' && given.length > 1) throw new ImportError('USAGE', `${name} takes one file`);
  if (dryRun && !wanted.bringsChildren) throw new ImportError('USAGE', `--dry-run is not for ${name}`);
}

function authorityOf(code: string): string {
  if (!/^\d{3}$/.test(code)) throw new InvalidArgumentError('A DfE code has three digits.');
  return code;
}

function describeSources(): string {
  return Object.entries(IMPORT_SOURCES)
    .map(([name, { description }]) => `${name}: ${description}`)
    .join('; ');
}
