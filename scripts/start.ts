import { join, relative } from 'node:path';
import { EXIT_CONFIG, SettingError } from '@contactpoint/subgraph-kit/setting-error';
import { Command } from 'commander';
import { Listr } from 'listr2';
import { PERSONAS } from './personas.ts';
import { bringUp, type RunningSystem } from './system/bring-up.ts';
import { dataFolder } from './system/run-file.ts';

/** EX_SOFTWARE of sysexits.h. */
const EXIT_SOFTWARE = 70;

const command = new Command('npm start --')
  .description(
    'Starts the whole system on this machine: PostgreSQL, six subgraphs, identity provider, signer and gateway.',
  )
  .option('--port <port>', 'of the gateway; the other ports follow by offset', process.env['PORT'] ?? '4000')
  .option(
    '--children <count>',
    'synthetic children made at the first start',
    process.env['CONTACTPOINT_CHILDREN'] ?? '1000',
  )
  .option('--data <folder>', 'where everything is kept', dataFolder())
  .option(
    '--adopt-checkpoints',
    'once, after the folder of the signer was lost: believe the checkpoints that the log holds',
    false,
  )
  .addHelpText(
    'after',
    '\nDATABASE_URL and AUDIT_DATABASE_URL name existing PostgreSQL clusters to use instead of embedded ones,' +
      '\nREDIS_URL a Redis over which changes are pushed.',
  )
  .parse();
const options = command.opts<{ port: string; children: string; data: string; adoptCheckpoints: boolean }>();

const told = new AbortController();
// Again and again: a second Ctrl-C must not leave half of it running.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => told.abort());

try {
  const system = await start();
  printWelcome(system);
  const ended = await Promise.race([system.failed, toldToStop()]);
  process.stdout.write(
    ended === undefined ? 'Stopping …\n' : `${ended} has ended, stopping everything: see ${logOf(ended)}\n`,
  );
  await system.stop();
  process.exit(ended === undefined ? 0 : EXIT_SOFTWARE);
} catch (cause) {
  if (told.signal.aborted) {
    process.stdout.write('Stopped before everything was up; nothing is left running.\n');
    process.exit(0);
  }
  process.stderr.write(
    `\nThe system does not start: ${cause instanceof Error ? cause.message : String(cause)}\n`,
  );
  process.exit(cause instanceof SettingError ? EXIT_CONFIG : EXIT_SOFTWARE);
}

function toldToStop(): Promise<undefined> {
  return new Promise((settle) => {
    if (told.signal.aborted) settle(undefined);
    told.signal.addEventListener('abort', () => settle(undefined));
  });
}

async function start(): Promise<RunningSystem> {
  const port = portOf(options.port);
  const children = countOf(options.children);
  let system: RunningSystem | undefined;
  const tasks = new Listr(
    [
      {
        title: 'ContactPoint',
        task: async (_context, task) => {
          const begun = performance.now();
          system = await bringUp({
            data: options.data,
            port,
            children,
            signal: told.signal,
            databaseUrl: process.env['DATABASE_URL'],
            auditDatabaseUrl: process.env['AUDIT_DATABASE_URL'],
            redisUrl: process.env['REDIS_URL'],
            adoptCheckpoints: options.adoptCheckpoints,
            onProgress: (step) => {
              task.output = step;
            },
          });
          task.title = `ContactPoint is ready after ${((performance.now() - begun) / 1000).toFixed(1)} s`;
        },
      },
    ],
    { registerSignalListeners: false, fallbackRenderer: 'simple' },
  );
  await tasks.run();
  if (system === undefined) throw new Error('nothing was started');
  return system;
}

function printWelcome({ ports, urls }: RunningSystem): void {
  const rows = [
    ['Gateway', `${urls.gateway}/graphql`],
    ['Explorer, in a browser', `${urls.gateway}/explorer`],
    ...(['directory', 'education', 'health', 'social-care', 'accreditation', 'oversight'] as const).map(
      (name) => [name, `http://127.0.0.1:${ports[name]}`],
    ),
    ['Identity provider', urls.identityProvider],
    ['Signer of checkpoints', urls.signer],
    ['Keys of the log', relative(process.cwd(), join(options.data, 'audit-keys.txt'))],
    ['Children to ask about', relative(process.cwd(), join(options.data, 'scenarios.json'))],
    ['Logs', relative(process.cwd(), join(options.data, 'logs'))],
  ];
  const lines = rows.map(([name, value]) => `  ${(name as string).padEnd(24)}${value}`);
  const personas = PERSONAS.map(
    ({ name, fails }) => `  ${name.padEnd(28)}${fails === undefined ? '' : `refused: ${fails}`}`,
  );
  process.stdout.write(
    `\n${lines.join('\n')}\n\nPersonas, for npm --silent run token -- PERSONA:\n${personas.join('\n')}\n\nCtrl-C stops everything.\n`,
  );
}

function logOf(name: string): string {
  return relative(process.cwd(), join(options.data, 'logs', `${name}.log`));
}

function portOf(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65_000)
    throw new SettingError('PORT', 'must be from 1 to 65000');
  return port;
}

/** The stock situations alone need some twenty children. */
function countOf(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 30)
    throw new SettingError('CONTACTPOINT_CHILDREN', 'must be 30 or more');
  return count;
}
