import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mindOutput } from '@contactpoint/audit-verifier/mind-output';
import { CONTRACT_SUBGRAPHS } from '@contactpoint/contract/sdl';
import { Argument, Command } from 'commander';
import { retireCheckpointKey, rotateCheckpointKey, vkeysOf } from './system/checkpoint-key.ts';
import { DEPLOYMENT } from './system/deployment.ts';
import { addFirstKey, addKey, dropFormerKeys, useSecondKey } from './system/key-ring.ts';
import { dataFolder } from './system/run-file.ts';
import { secretFilesOf } from './system/secrets.ts';

/** EX_USAGE and EX_DATAERR of sysexits.h: wrong usage, and keys that are not in a state for it. */
const [EXIT_USAGE, EXIT_DATA] = [64, 65] as const;

mindOutput(EXIT_DATA);

const program = new Command('npm run keys --')
  .description(
    'Rotates the keys of a system with an overlap, one step a command, and shows those of its log.',
  )
  .option('--data <folder>', 'where everything is kept', dataFolder())
  .addHelpText(
    'after',
    `\nExit codes: 0 done, ${EXIT_USAGE} usage, ${EXIT_DATA} the keys are not there, or not in a state for it.`,
  )
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : EXIT_USAGE));

const files = () => secretFilesOf(program.opts<{ data: string }>().data);
const subgraph = new Argument('<subgraph>', 'whose grants').choices([...CONTRACT_SUBGRAPHS]);

const rotate = program.command('rotate').description('a new key, beside the present one');
rotate
  .command('checkpoint')
  .description('signs checkpoints from now on, and the former one too until it is retired')
  .action(() => {
    const vkey = present(files().checkpointKey) && rotateCheckpointKey(files(), DEPLOYMENT);
    if (vkey === undefined)
      fail(
        'Two keys sign already, and the former one has not had its time: npm run keys -- retire checkpoint',
      );
    say(
      `${vkey}\n\nBoth keys sign from the next round on. Give this vkey, and those of «npm run keys -- show», to everybody` +
        '\nwho verifies and to every witness; then: npm run keys -- retire checkpoint',
    );
  });
rotate
  .command('digest')
  .description('digests the variables of operations; the former one is kept, for comparing what it digested')
  .action(() => {
    const kid = present(files().digestKey) && addFirstKey(files().digestKey);
    say(`${kid}\n\nIt is used once the gateway is started again.`);
  });
rotate
  .command('grants')
  .addArgument(subgraph)
  .description('verifies grants of one subgraph, and signs none yet')
  .action((name: string) => {
    const kid = present(ringOf(name)) && addKey(ringOf(name));
    if (kid === undefined)
      fail(
        `The ring of ${name} has two keys, and a change is under way: npm run keys -- use grants ${name}, then retire grants ${name}`,
      );
    say(`${kid}\n\nStart ${name} again, so that it knows the key; then: npm run keys -- use grants ${name}`);
  });

program
  .command('use')
  .description('signs with the key that was added')
  .command('grants')
  .addArgument(subgraph)
  .action((name: string) => {
    const kid = present(ringOf(name)) && useSecondKey(ringOf(name));
    if (kid === undefined)
      fail(`The ring of ${name} has one key: npm run keys -- rotate grants ${name} adds one.`);
    say(
      `${kid}\n\nStart the gateway again, wait a minute for the last grants to end; then: npm run keys -- retire grants ${name}`,
    );
  });

const retire = program.command('retire').description('ends the overlap: the newest key alone');
retire
  .command('checkpoint')
  .description('the former vkey stays in audit-keys.txt, for what it signed')
  .action(() => {
    if (!(present(files().checkpointKey) && retireCheckpointKey(files()))) fail('One key signs already.');
    say('The newest key alone signs, from the next round on.');
  });
retire
  .command('grants')
  .addArgument(subgraph)
  .action((name: string) => {
    const dropped = present(ringOf(name)) && dropFormerKeys(ringOf(name));
    if (dropped === 0) fail(`The ring of ${name} has one key already.`);
    say(`Removed from the ring: ${dropped}. Start ${name} and the gateway again.`);
  });

program
  .command('show')
  .argument('[name]', 'name of a log', `${DEPLOYMENT}/aggregate`)
  .description('vkeys that sign now, under the name of a log: what a witness puts into its list')
  .action((name: string) => {
    if (present(files().checkpointKey)) say(vkeysOf(files(), name).join('\n'));
  });

program.parse();

function ringOf(name: string): string {
  return join(files().grantKeys, `${name}.json`);
}

function present(file: string): true {
  if (!existsSync(file)) fail(`There is no ${file}: npm start makes keys, and --data names where.`);
  return true;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(EXIT_DATA);
}
