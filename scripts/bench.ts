import { Command, InvalidArgumentError } from 'commander';
import { measureAccess } from './bench/access-cost.ts';
import { type AuditBench, measureAudit } from './bench/audit.ts';
import { countOption } from './bench/count-option.ts';
import { addExplorerCommand } from './bench/explorer/command.ts';
import { addGatewayCommand } from './bench/gateway/command.ts';
import { type Latency, measureView } from './bench/latency.ts';
import { type Memory, measureMemory } from './bench/memory.ts';
import { joinedChild, type OwnSystem, startOwnSystem } from './bench/own-system.ts';
import { showAudit } from './bench/show-audit.ts';
import { showStatement } from './bench/show-statement.ts';
import { fillOversight, measureStatement } from './bench/statement.ts';
import { addSupergraphCommands } from './bench/supergraph/commands.ts';
import { dataFolder, readRunFile } from './system/run-file.ts';

interface ViewOptions {
  readonly children: number;
  readonly rounds: number;
  readonly data?: string;
  readonly json: boolean;
}

/** What the project has promised for two cores. */
const GOALS = { median: 30, startedIn: 60_000, memory: 2 * 1024 ** 3 } as const;

const command = new Command('npm run bench --').description('Measures what the project has promised.');
command
  .command('view')
  .description('the joined view of one child for one caller; start-up and memory of the whole system')
  .option('--children <count>', 'synthetic children of the system that is measured', countOf, 1_000)
  .option('--rounds <count>', 'requests that are measured', countOf, 500)
  .option('--data <folder>', 'measure the system that runs on this folder instead of one of its own')
  .option('--json', 'figures for programs', false)
  .action(view);
command
  .command('access')
  .description('CPU that access decisions, grants and the release gate add to a warm joined view')
  .option('--blocks <count>', 'blocks of 100 requests of each kind, in turn', countOption, 50)
  .option(
    '--sockets',
    'ask the agencies each time, instead of once: what is added drowns in what that costs',
    false,
  )
  .option('--json', 'figures for programs', false)
  .action(access);
command
  .command('statement')
  .description('the statement of one child for an auditor, among as many accesses as many years bring')
  .option('--events <count>', 'accesses on record', countOf, 10_000_000)
  .option('--rounds <count>', 'statements that are measured', countOf, 200)
  .option('--json', 'figures for programs', false)
  .action(statement);
command
  .command('audit')
  .description('appends to the log, alone and signed and projected; its share of a joined view; verification')
  .option('--callers <count>', 'callers that append at a time', countOption, 64)
  .option('--seconds <count>', 'seconds of each measurement', countOption, 5)
  .option('--json', 'figures for programs', false)
  .action(audit);
addExplorerCommand(command);
addGatewayCommand(command);
addSupergraphCommands(command);
await command.parseAsync();

async function view({ children, rounds, data, json }: ViewOptions): Promise<void> {
  const own = data === undefined ? await startOwnSystem(children) : undefined;
  try {
    const folder = data ?? own?.data ?? dataFolder();
    const run = readRunFile(folder);
    if (run === undefined) throw new Error(`No system runs on ${folder}`);
    const latency = await measureView({ ...run.urls, child: joinedChild(folder), rounds });
    const memory = measureMemory(run.pid);
    const figures = { latency, memory, own };
    process.stdout.write(json ? `${JSON.stringify(plain(figures), null, 2)}\n` : tableOf(figures));
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
    process.exitCode = 1;
  } finally {
    await own?.stop();
  }
}

interface AccessOptions {
  readonly blocks: number;
  readonly sockets: boolean;
  readonly json: boolean;
}

async function access({ blocks, sockets, json }: AccessOptions): Promise<void> {
  const own = await startOwnSystem(60);
  try {
    const cost = await measureAccess(own.data, joinedChild(own.data), { blocks, replayed: !sockets });
    if (json) process.stdout.write(`${JSON.stringify({ cpuMicros: cost }, null, 2)}\n`);
    else {
      const us = (value: number) => `${value.toFixed(0)} µs`.padStart(10);
      process.stdout.write(
        `CPU of one warm joined view, medians of ${cost.blocks} blocks in turn\n` +
          `  executor, nothing decided     ${us(cost.executor)}\n` +
          `  with access                   ${us(cost.withAccess)}\n` +
          `  added                         ${us(cost.added)}   ≤ 60 µs\n` +
          `    of it signing four grants   ${us(cost.signing)}\n`,
      );
    }
  } finally {
    await own.stop();
  }
}

async function statement({ json, ...bench }: StatementOptions): Promise<void> {
  const own = await startOwnSystem(60);
  try {
    const run = readRunFile(own.data);
    if (run === undefined) throw new Error(`No system runs on ${own.data}`);
    const filledIn = await fillOversight(run, bench.events);
    const latency = await measureStatement(run, bench);
    process.stdout.write(
      json
        ? `${JSON.stringify({ filledIn, ...latency }, null, 2)}\n`
        : showStatement(latency, { events: bench.events, filledIn }),
    );
  } finally {
    await own.stop();
  }
}

async function audit({ json, ...bench }: AuditBench & { readonly json: boolean }): Promise<void> {
  const figures = await measureAudit(bench);
  process.stdout.write(json ? `${JSON.stringify(figures, null, 2)}\n` : showAudit(figures));
}

interface StatementOptions {
  readonly events: number;
  readonly rounds: number;
  readonly json: boolean;
}

interface Figures {
  readonly latency: Latency;
  readonly memory: Memory;
  readonly own: OwnSystem | undefined;
}

function plain({ latency, memory, own }: Figures) {
  return {
    latencyMs: latency,
    startedInMs: own?.startedIn ?? null,
    memoryBytes: { total: memory.total, ...Object.fromEntries(memory.byProgram) },
    processes: memory.processes,
  };
}

function tableOf({ latency, memory, own }: Figures): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const mb = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MB`;
  const rows: (readonly [string, string, string])[] = [
    [`Joined view, median of ${latency.rounds}`, ms(latency.median), `≤ ${ms(GOALS.median)}`],
    ['  95th percentile', ms(latency.p95), ''],
    ['  99th percentile', ms(latency.p99), ''],
    ['  slowest', ms(latency.slowest), ''],
    ...(own === undefined ? [] : [['First start', ms(own.startedIn), `≤ ${ms(GOALS.startedIn)}`] as const]),
    [`Memory of ${memory.processes} processes`, mb(memory.total), `≤ ${mb(GOALS.memory)}`],
    ...[...memory.byProgram].map(([program, bytes]) => [`  ${program}`, mb(bytes), ''] as const),
  ];
  return `${rows.map(([name, value, goal]) => `${name.padEnd(34)}${value.padStart(12)}   ${goal}`.trimEnd()).join('\n')}\n`;
}

function countOf(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 30) throw new InvalidArgumentError('It must be 30 or more.');
  return count;
}
