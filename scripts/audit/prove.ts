import { NoteError } from '@contactpoint/audit-log/note-format';
import { MissingTileError } from '@contactpoint/audit-log/tiled-tree';
import { checkProof, ProofError } from '@contactpoint/audit-verifier/check-proof';
import { EXIT_CODE, EXIT_CODE_HELP } from '@contactpoint/audit-verifier/exit-code';
import { proveLeaf } from '@contactpoint/audit-verifier/prove';
import { showProof } from '@contactpoint/audit-verifier/show-proof';
import { readText, readVerifyFiles } from '@contactpoint/audit-verifier/verify-settings';
import { Command, InvalidArgumentError, Option } from 'commander';
import { dataFolder } from '../system/run-file.ts';
import { AuditCommandError } from './audit-command-error.ts';
import { readerUrlOf, readRecordSettings } from './audit-settings.ts';
import { keysFile, type PlaceOptions, withPlace } from './command-options.ts';
import { type DatabaseSource, openDatabase } from './database-source.ts';
import { recordReading } from './record-reading.ts';

interface ProveCommandOptions extends PlaceOptions {
  readonly withLeaf: boolean;
  readonly practitioner?: string;
  readonly reason?: string;
}

/** `npm run audit -- prove ORIGIN INDEX`: prints a proof that holds without the log. */
export const proveCommand = withPlace(
  new Command('prove')
    .description('prints the proof that a leaf stands in the log, as C2SP tlog-proof')
    .argument('<origin>', 'log, as in Access-Log')
    .argument('<index>', 'leaf, as in Access-Log', indexOf)
    .option(
      '--with-leaf',
      'put the leaf into the proof, not only its hash: whoever gets it reads the event',
      false,
    )
    .addOption(new Option('--practitioner <id>', 'who reads the leaf; required with --with-leaf'))
    .addOption(new Option('--reason <text>', 'what for; required with --with-leaf')),
)
  .addHelpText(
    'after',
    '\nWith the leaf, that it is read is put on record first.' +
      `\nExit codes: ${EXIT_CODE.SOUND} printed, ${EXIT_CODE.UNREADABLE} usage, or no such leaf under a checkpoint.`,
  )
  .action(prove);

/** `npm run audit -- check-proof FILE`: what `contactpoint-verify check-proof` does without this repository. */
export const checkProofCommand = new Command('check-proof')
  .description('checks the proof of one leaf, from public keys alone')
  .argument('<file>', 'a .tlog-proof file')
  .option('--data <folder>', 'folder of the system, CONTACTPOINT_DATA or', dataFolder())
  .option(
    '--keys <file>',
    'verifier keys of the deployment, one a line (default: audit-keys.txt of the folder)',
  )
  .option('--witness-keys <file>', 'verifier keys of witnesses')
  .addHelpText('after', EXIT_CODE_HELP)
  .action(check);

async function prove(origin: string, index: number, options: ProveCommandOptions): Promise<void> {
  const readerUrl = readerUrlOf(options, process.env);
  if (options.withLeaf) await record(options);
  const source = await openDatabase(readerUrl);
  try {
    process.stdout.write(await proofOf(source, origin, index, options.withLeaf));
  } finally {
    await source.close();
  }
}

async function record({ practitioner, reason, data }: ProveCommandOptions): Promise<void> {
  if (practitioner === undefined || reason === undefined || reason.length < 10 || reason.length > 500) {
    throw new AuditCommandError(
      '--with-leaf shows an event: say who reads it with --practitioner, and --reason in 10 to 500 characters',
    );
  }
  const reading = { practitioner, reason, purpose: 'AUD', operation: 'AuditProof' };
  process.stderr.write(
    `on record as ${await recordReading(reading, readRecordSettings(data, process.env))}\n`,
  );
}

async function proofOf(
  source: DatabaseSource,
  origin: string,
  index: number,
  withLeaf: boolean,
): Promise<string> {
  const log = source.log(origin);
  const found = await log.leaf(index);
  if (found === undefined) throw new AuditCommandError(`There is no leaf ${index} in ${origin}`);
  const checkpoint = await log.latest();
  if (checkpoint === undefined) throw new AuditCommandError(`No checkpoint covers ${origin} yet`);
  if (withLeaf && found.leaf === undefined)
    throw new AuditCommandError(`Leaf ${index} was pruned: its hash alone is left`);
  try {
    return await proveLeaf({
      index,
      leafHash: found.hash,
      ...(withLeaf && found.leaf !== undefined ? { leaf: found.leaf } : {}),
      checkpoint,
      tiles: log.tiles(),
    });
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new AuditCommandError(`No checkpoint covers leaf ${index} of ${origin} yet`, { cause });
    if (cause instanceof MissingTileError || cause instanceof NoteError)
      throw new AuditCommandError(`Leaf ${index} of ${origin} cannot be proven: ${cause.message}`, { cause });
    throw cause;
  }
}

async function check(
  file: string,
  options: Pick<PlaceOptions, 'data'> & { readonly keys?: string; readonly witnessKeys?: string },
): Promise<void> {
  const { data, ...files } = options;
  const { keys, witnesses } = await readVerifyFiles({ ...files, keys: keysFile(files.keys, data) });
  try {
    process.stdout.write(showProof(checkProof(readText(file), keys, witnesses)));
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    process.stdout.write(`NOT PROVEN: ${error.message}\n`);
    process.exitCode = EXIT_CODE.FAULT;
  }
}

function indexOf(text: string): number {
  if (!/^(0|[1-9]\d{0,14})$/.test(text)) throw new InvalidArgumentError('It is a number from 0.');
  return Number(text);
}
