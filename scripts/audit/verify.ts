import { statSync } from 'node:fs';
import { EXIT_CODE, EXIT_CODE_HELP } from '@contactpoint/audit-verifier/exit-code';
import { openExport } from '@contactpoint/audit-verifier/export-source';
import type { VerificationReport } from '@contactpoint/audit-verifier/report';
import { showReport } from '@contactpoint/audit-verifier/show-report';
import { type VerifyOptions, verify } from '@contactpoint/audit-verifier/verify';
import { readVerifyFiles } from '@contactpoint/audit-verifier/verify-settings';
import { Command } from 'commander';
import { showReplayProgress } from '../policy/replay-progress.ts';
import { AuditCommandError } from './audit-command-error.ts';
import { readerUrlOf } from './audit-settings.ts';
import { keysFile, type PlaceOptions, withPlace } from './command-options.ts';
import { openDatabase } from './database-source.ts';

interface VerifyCommandOptions extends PlaceOptions {
  readonly keys?: string;
  readonly witnessKeys?: string;
  readonly known?: string;
  readonly json: boolean;
}

/** `npm run audit -- verify [DIR]`: checks the log of the running system, or an export. Shows nothing that it says. */
export const verifyCommand = withPlace(
  new Command('verify')
    .description(
      'checks every signature, leaf, tile and checkpoint, the chain of boots, and that nothing forks',
    )
    .argument('[folder]', 'an export; without it, the audit database')
    .option(
      '--keys <file>',
      'verifier keys of the deployment, one a line (default: audit-keys.txt of the folder)',
    )
    .option(
      '--witness-keys <file>',
      'verifier keys of witnesses, each of which must have signed the aggregate log',
    )
    .option('--known <file>', 'checkpoints that you or others kept, which the logs must extend')
    .option('--json', 'for programs', false),
)
  .addHelpText('after', EXIT_CODE_HELP)
  .action(verifyLogs);

async function verifyLogs(folder: string | undefined, options: VerifyCommandOptions): Promise<void> {
  const { keys, witnessKeys, known, json } = options;
  const files = await readVerifyFiles({
    keys: keysFile(keys, options.data),
    ...(witnessKeys === undefined ? {} : { witnessKeys }),
    ...(known === undefined ? {} : { known }),
  });
  const progress = showReplayProgress(undefined, undefined, 'events verified');
  const settings = { ...files, onProgress: progress.onProgress };
  const report =
    folder === undefined ? await verifyDatabase(options, settings) : await verifyFolder(folder, settings);
  progress.stop();
  if (report.logs.length === 0) throw new AuditCommandError('There is no log to verify');
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : showReport(report));
  process.exitCode = report.sound ? EXIT_CODE.SOUND : EXIT_CODE.FAULT;
}

type Settings = Omit<VerifyOptions, 'source'>;

async function verifyDatabase(options: PlaceOptions, settings: Settings): Promise<VerificationReport> {
  const source = await openDatabase(readerUrlOf(options, process.env));
  try {
    return await verify({ source, ...settings });
  } finally {
    await source.close();
  }
}

async function verifyFolder(folder: string, settings: Settings): Promise<VerificationReport> {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new AuditCommandError(`${folder} is no folder`);
  }
  return await verify({ source: openExport(folder), ...settings });
}
