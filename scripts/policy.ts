import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadPolicySet } from '@contactpoint/access/policy-set';
import { PolicySetError } from '@contactpoint/access/policy-set-error';
import { mindOutput } from '@contactpoint/audit-verifier/mind-output';
import { Command, InvalidArgumentError } from 'commander';
import { type ChangedDecision, diffPolicies } from './policy/diff.ts';
import { requireAuditReaderUrl, requireSupergraph } from './policy/diff-settings.ts';
import { joinLeaves, readLeaves } from './policy/logged-events.ts';
import { POLICY_EXIT_CODES, PolicyCommandError } from './policy/policy-command-error.ts';
import { CURRENT, policyFolder, requirePolicySet } from './policy/policy-folder.ts';
import { showReplayProgress } from './policy/replay-progress.ts';
import { showDiff } from './policy/show-diff.ts';
import { dataFolder } from './system/run-file.ts';

/** Exit code of a policy set that does not hold, and of a difference. */
const FOUND = 1;

const { USAGE, UNAVAILABLE, FAILED, CONFIGURATION } = POLICY_EXIT_CODES;

mindOutput(FAILED);

interface DiffCommandOptions {
  readonly data: string;
  readonly since?: Date;
  readonly every?: string;
  readonly json: boolean;
}

/** `npm run policy -- check|hash|diff`: what an administrator does before a policy set is changed. */
const program = new Command('npm run policy --')
  .description('Checks policy sets, and says what a changed one would have made of the accesses on record.')
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : USAGE));

program
  .command('check')
  .description('validates every policy against the Cedar schema')
  .argument(
    '[folder]',
    `folder of *.cedar and schema.cedarschema, or \`${CURRENT}\` for the built-in one`,
    CURRENT,
  )
  .addHelpText('after', `\nExit codes: 0 valid, ${FOUND} not valid, ${USAGE} usage.`)
  .action(check);

program
  .command('hash')
  .description('prints the hash that stands in each access event')
  .argument('[folder]', 'as for check', CURRENT)
  .addHelpText('after', `\nExit codes: 0 printed, ${USAGE} usage, ${CONFIGURATION} the policies do not load.`)
  .action((folder: string) => {
    process.stdout.write(`${requirePolicySet(folder).hash}\n`);
  });

program
  .command('diff')
  .description('replays the audit log against two policy sets and lists every decision that would change')
  .argument('<old>', `the set that decided, a folder or \`${CURRENT}\``)
  .argument('<new>', 'the changed set')
  .option('--data <folder>', 'folder of the system, CONTACTPOINT_DATA or', dataFolder())
  .option('--since <time>', 'events kept from then on, RFC 3339 or a date', timeOf)
  .option('--every <file>', 'where to write each decision that changes, one JSON a line')
  .option('--json', 'for programs', false)
  .addHelpText(
    'after',
    '\nThe log is read from AUDIT_READER_DATABASE_URL or, without it, from where the system of the folder keeps it.' +
      `\nExit codes: 0 no change, ${FOUND} changes, ${USAGE} usage, ${UNAVAILABLE} the log does not answer,` +
      `\n${FAILED} failed, ${CONFIGURATION} configuration: policies that do not load, no system, no supergraph.`,
  )
  .action(diff);

for (const command of program.commands) command.allowExcessArguments(false).copyInheritedSettings(program);

try {
  await program.parseAsync();
} catch (error) {
  // Node's own exit code for an error would pass for "changes".
  const isKnown = error instanceof PolicyCommandError;
  console.error(isKnown ? error.message : error);
  process.exitCode = POLICY_EXIT_CODES[isKnown ? error.code : 'FAILED'];
}

function check(folder: string): void {
  try {
    const { hash, ids } = loadPolicySet(policyFolder(folder));
    process.stdout.write(`${hash}\n${ids.length} policies, all valid\n`);
  } catch (error) {
    if (!(error instanceof PolicySetError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = FOUND;
  }
}

async function diff(oldName: string, newName: string, options: DiffCommandOptions): Promise<void> {
  const oldSet = requirePolicySet(oldName);
  const newSet = requirePolicySet(newName);
  const data = resolve(options.data);
  const supergraph = requireSupergraph(data);
  const leaves = readLeaves(requireAuditReaderUrl(data, process.env), options.since);
  const list = options.every === undefined ? undefined : openList(options.every);
  const progress = showReplayProgress();
  try {
    const found = await diffPolicies(joinLeaves(leaves), {
      supergraph,
      oldSet,
      newSet,
      onProgress: progress.onProgress,
      ...(list === undefined ? {} : { onChange: list.write }),
    });
    process.stdout.write(options.json ? `${JSON.stringify(found, null, 2)}\n` : showDiff(found));
    process.exitCode = found.changed === 0 ? 0 : FOUND;
  } finally {
    progress.stop();
    list?.close();
  }
}

/** Written as they are found: there may be as many as there are accesses. */
function openList(file: string) {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'w', 0o600);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PolicyCommandError('USAGE', `--every ${file} cannot be written: ${why}`, { cause });
  }
  return {
    write: (changed: ChangedDecision) => void writeSync(descriptor, `${JSON.stringify(changed)}\n`),
    close: () => closeSync(descriptor),
  };
}

function timeOf(text: string): Date {
  const time = /^\d{4}-\d\d-\d\d(T.+)?$/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('Write it as 2026-11-22T08:00:00Z.');
  return time;
}
