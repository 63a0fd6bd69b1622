import { EXIT_CODE } from '@contactpoint/audit-verifier/exit-code';
import { INTERRUPTED_HELP, mindInterrupts } from '@contactpoint/audit-verifier/mind-interrupts';
import { mindOutput } from '@contactpoint/audit-verifier/mind-output';
import { Command } from 'commander';
import { sayFailure } from './audit/command-failure.ts';
import { exportCommand } from './audit/export.ts';
import { checkProofCommand, proveCommand } from './audit/prove.ts';
import { pruneCommand } from './audit/prune.ts';
import { rebuildCommand } from './audit/rebuild.ts';
import { verifyCommand } from './audit/verify.ts';

/** What is so when a command was interrupted. */
const INTERRUPTED: Readonly<Record<string, string>> = {
  verify: 'Nothing is said about the log',
  'check-proof': 'Nothing is said about the proof',
  prove: 'Nothing was proven',
  export:
    'What was written is not whole: it lies in .part of the folder, and as NAME.part in place of a file',
  prune: 'What went until then is on record; the same command goes on',
  rebuild: 'The rows may not be complete; the same command, or a running oversight, goes on',
};
let running = 'verify';

mindOutput();
mindInterrupts(() => INTERRUPTED[running] ?? 'Nothing was done');

/** `npm run audit -- …`: what auditors and administrators do with the log itself. */
const program = new Command('npm run audit --')
  .description(
    'Verifies the audit log, proves what is in it, takes it out, and forgets what is past its term.',
  )
  .addHelpText('after', INTERRUPTED_HELP)
  .hook('preAction', (_program, command) => {
    running = command.name();
  })
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? EXIT_CODE.SOUND : EXIT_CODE.UNREADABLE));

const commands = [
  verifyCommand,
  exportCommand,
  proveCommand,
  checkProofCommand,
  pruneCommand,
  rebuildCommand,
];
for (const command of commands) {
  program.addCommand(command.allowExcessArguments(false).copyInheritedSettings(program));
}

// The driver throws where nobody can catch it when a connection is gone (https://github.com/porsager/postgres/issues/1208).
process.once('uncaughtException', (error) => {
  fail(error);
  process.exit();
});
await program.parseAsync().catch(fail);

/** Node's own exit code for an error would pass for a fault in the log. */
function fail(error: unknown): void {
  console.error(sayFailure(error) ?? error);
  process.exitCode = EXIT_CODE.UNREADABLE;
}
