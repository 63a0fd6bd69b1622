// First: what follows takes a newer Node for granted.
import './required-node.ts';
import { statSync } from 'node:fs';
import process from 'node:process';
import { Command } from 'commander';
import { checkProof, ProofError } from './check-proof.ts';
import { EXIT_CODE, EXIT_CODE_HELP } from './exit-code.ts';
import { openExport } from './export-source.ts';
import { INTERRUPTED_HELP, mindInterrupts } from './mind-interrupts.ts';
import { mindOutput } from './mind-output.ts';
import { showProof } from './show-proof.ts';
import { showReport } from './show-report.ts';
import { verify } from './verify.ts';
import { readText, readVerifyFiles, SettingsError, type VerifyFiles } from './verify-settings.ts';

mindOutput();
mindInterrupts(() => 'Nothing is said about the log');

/** `contactpoint-verify`: what an independent reviewer runs, with an export, public keys and Node alone. */
const program = new Command('contactpoint-verify')
  .description('Verifies an exported audit log, offline, from public keys.')
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? EXIT_CODE.SOUND : EXIT_CODE.UNREADABLE))
  .configureHelp({ showGlobalOptions: true });

program
  .command('verify', { isDefault: true })
  .description(
    'checks every signature, leaf, tile and checkpoint, the chain of boots, and that nothing forks',
  )
  .argument('<folder>', 'the export')
  .requiredOption(
    '--keys <file>',
    'verifier keys of the deployment, one a line; have them from elsewhere than the export',
  )
  .option(
    '--witness-keys <file>',
    'verifier keys of witnesses, each of which must have signed the aggregate log',
  )
  .option('--known <file>', 'checkpoints that you or others kept, which the logs must extend')
  .option('--json', 'for programs', false)
  .addHelpText('after', EXIT_CODE_HELP + INTERRUPTED_HELP)
  .action(verifyFolder);

program
  .command('check-proof')
  .description('checks the proof of one leaf')
  .argument('<file>', 'a .tlog-proof file')
  .requiredOption('--keys <file>', 'verifier keys of the deployment, one a line')
  .option('--witness-keys <file>', 'verifier keys of witnesses')
  .option('--show-leaf', 'print the leaf, where the proof carries it', false)
  .addHelpText('after', EXIT_CODE_HELP)
  .action(checkProofFile);

for (const command of program.commands) command.allowExcessArguments(false).copyInheritedSettings(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof ProofError) {
    process.stdout.write(`NOT PROVEN: ${error.message}\n`);
    process.exitCode = EXIT_CODE.FAULT;
  } else {
    process.stderr.write(`${error instanceof SettingsError ? error.message : String(error)}\n`);
    process.exitCode = EXIT_CODE.UNREADABLE;
  }
}

async function verifyFolder(
  folder: string,
  options: VerifyFiles & { readonly json: boolean },
): Promise<void> {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new SettingsError(`${folder} is no folder`);
  const report = await verify({ source: openExport(folder), ...(await readVerifyFiles(options)) });
  if (report.logs.length === 0) throw new SettingsError(`${folder} holds no log`);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : showReport(report));
  process.exitCode = report.sound ? EXIT_CODE.SOUND : EXIT_CODE.FAULT;
}

async function checkProofFile(
  file: string,
  options: VerifyFiles & { readonly showLeaf: boolean },
): Promise<void> {
  const { keys, witnesses } = await readVerifyFiles(options);
  const proven = checkProof(readText(file), keys, witnesses);
  process.stdout.write(showProof(proven));
  if (options.showLeaf && proven.leaf !== undefined)
    process.stdout.write(`${new TextDecoder().decode(proven.leaf)}\n`);
}
