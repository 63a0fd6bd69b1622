import { resolve } from 'node:path';
import { RowsContradictedError } from '@contactpoint/oversight/projection/compare-rows';
import { Projection } from '@contactpoint/oversight/projection/projection';
import { connect } from '@contactpoint/subgraph-kit/store';
import { Command } from 'commander';
import { dataFolder } from '../system/run-file.ts';
import { AuditCommandError } from './audit-command-error.ts';
import { readRecordSettings } from './audit-settings.ts';
import { reasonOf } from './command-options.ts';
import { orOutOfReach } from './out-of-reach.ts';
import { recordReading } from './record-reading.ts';
import { readRebuildSettings } from './retention-settings.ts';

interface RebuildOptions {
  readonly data: string;
  readonly regardless: boolean;
  readonly practitioner?: string;
  readonly reason?: string;
}

/** `npm run audit -- rebuild`: makes oversight's rows again from the log. */
export const rebuildCommand = new Command('rebuild')
  .description('makes what oversight answers from again from the log; alerts, reviews and lawful holds stay')
  .option('--data <folder>', 'folder of the system, CONTACTPOINT_DATA or', dataFolder())
  .option('--regardless', 'also where the log lacks what the rows tell of, with the two that follow', false)
  .option('--practitioner <id>', 'who does so, as the log names practitioners')
  .option('--reason <text>', 'why, 10 to 500 characters', reasonOf)
  .addHelpText(
    'after',
    '\nThe databases are those of AUDIT_READER_DATABASE_URL and OVERSIGHT_DATABASE_URL or, without them, those of the' +
      '\nsystem of the folder. While the rows are made, oversight refuses every question about accesses.' +
      '\nThe rows are first held against the log. Where they tell of an event that it lacks they are all that is left of it,' +
      '\nand stay; with --regardless they go, and that is put on record before they do.' +
      '\nExit codes: 0 made, 2 usage, configuration, something out of reach, or rows that the log contradicts.',
  )
  .action(rebuild);

async function rebuild({ data, regardless, practitioner, reason }: RebuildOptions): Promise<void> {
  const { readerUrl, oversightUrl } = readRebuildSettings(resolve(data), process.env);
  if (regardless) await putOnRecord(data, practitioner, reason);
  const outcome = 'The rows are not complete; the same command, or a running oversight, goes on';
  await orOutOfReach(outcome, async () => {
    const store = connect(oversightUrl, { max: 2 });
    const audit = connect(readerUrl, { max: 1 });
    try {
      await new Projection({ store, audit }).rebuild({ regardless });
      const [rows] = await store<{ events: number }[]>`select count(*)::int as events from access_event`;
      process.stdout.write(`${rows?.events ?? 0} events\n`);
    } finally {
      await Promise.all([store.end({ timeout: 1 }), audit.end({ timeout: 1 })]);
    }
  }).catch((cause: unknown) => {
    throw cause instanceof RowsContradictedError ? refusalOf(cause) : cause;
  });
}

/** Whoever drops the last copy of an event answers for it. */
async function putOnRecord(
  data: string,
  practitioner: string | undefined,
  reason: string | undefined,
): Promise<void> {
  if (practitioner === undefined || reason === undefined)
    throw new AuditCommandError('--regardless takes --practitioner and --reason: it is put on record');
  const receipt = await recordReading(
    { practitioner, reason, purpose: 'AUD', operation: 'AuditRebuildRegardless' },
    readRecordSettings(data, process.env),
  );
  process.stderr.write(`on record as ${receipt}\n`);
}

function refusalOf(cause: RowsContradictedError): AuditCommandError {
  const places = cause.places.map(({ origin, index }) => `\n  ${origin} ${index}`).join('');
  const more = cause.count > cause.places.length ? '\n  …' : '';
  const words = `Nothing was dropped. ${cause.message}, and the rows may be all that is left:${places}${more}`;
  return new AuditCommandError(words, { cause });
}
