import { resolve } from 'node:path';
import { Projection } from '@contactpoint/oversight/projection/projection';
import { connect } from '@contactpoint/subgraph-kit/store';
import { Command } from 'commander';
import { dataFolder } from '../system/run-file.ts';
import { orOutOfReach } from './out-of-reach.ts';
import { readRebuildSettings } from './retention-settings.ts';

/** `npm run audit -- rebuild`: makes oversight's rows again from the log. */
export const rebuildCommand = new Command('rebuild')
  .description('makes what oversight answers from again from the log; alerts, reviews and lawful holds stay')
  .option('--data <folder>', 'folder of the system, CONTACTPOINT_DATA or', dataFolder())
  .addHelpText(
    'after',
    '\nThe databases are those of AUDIT_READER_DATABASE_URL and OVERSIGHT_DATABASE_URL or, without them, those of the' +
      '\nsystem of the folder. While the rows are made, oversight refuses every question about accesses.' +
      '\nExit codes: 0 made, 2 usage, configuration, or something out of reach.',
  )
  .action(rebuild);

async function rebuild({ data }: { readonly data: string }): Promise<void> {
  const { readerUrl, oversightUrl } = readRebuildSettings(resolve(data), process.env);
  const outcome = 'The rows are not complete; the same command, or a running oversight, goes on';
  await orOutOfReach(outcome, async () => {
    const store = connect(oversightUrl, { max: 2 });
    const audit = connect(readerUrl, { max: 1 });
    try {
      await new Projection({ store, audit }).rebuild();
      const [rows] = await store<{ events: number }[]>`select count(*)::int as events from access_event`;
      process.stdout.write(`${rows?.events ?? 0} events\n`);
    } finally {
      await Promise.all([store.end({ timeout: 1 }), audit.end({ timeout: 1 })]);
    }
  });
}
