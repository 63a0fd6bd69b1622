import { type Command, InvalidArgumentError } from 'commander';
import { countOption } from '../count-option.ts';
import { GATEWAYS, type GatewayName } from './gateways.ts';
import { measureGateways } from './measure.ts';
import { OPERATIONS, type OperationName } from './operations.ts';
import { showGateways } from './show.ts';

interface GatewayOptions {
  readonly gateways: readonly GatewayName[];
  readonly operations: readonly OperationName[];
  readonly callers: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  readonly profiles?: string;
  readonly remembering: boolean;
  readonly json: boolean;
}

/** `npm run bench -- gateway`. */
export function addGatewayCommand(command: Command): void {
  command
    .command('gateway')
    .description('our gateway and others on the same subgraphs, operations and machine')
    .option('--gateways <names>', 'which of them, separated by commas', listOf(GATEWAYS), GATEWAYS)
    .option('--operations <names>', 'which of them, separated by commas', listOf(OPERATIONS), OPERATIONS)
    .option('--callers <counts>', 'callers at a time, separated by commas', countsOf, [1, 32, 128])
    .option('--rounds <count>', 'rounds in which each gateway is measured in turn', countOption, 5)
    .option('--seconds <count>', 'seconds of one measurement', countOption, 5)
    .option('--profiles <folder>', 'writes a CPU profile of each gateway on Node there')
    .option(
      '--remembering',
      'subgraphs of children answer again from memory: their databases leave the machine to the gateway',
      false,
    )
    .option('--json', 'figures for programs', false)
    .addHelpText(
      'after',
      `
Operations
  view       joined view of one child of four agencies
  caseload   twenty children with three agencies each
  benchmark  users and products with reviews of reviews, some 90 kB, on subgraphs without records; our own gateway
             has no line there, since nothing takes access and audit out of it: its executor has
Gateways
  contactpoint  ours, access and audit on      executor  its executor behind an HTTP server, deciding nothing
  apollo        @apollo/gateway on Apollo Server, as documented      hive      @graphql-hive/gateway
  grafbase      the gateway in Rust that npm carries, "dev"
hive and grafbase are installed beside the workspace when they are first asked for. A gateway that cannot be
installed or started is left out, and said to be.`,
    )
    .action(gateway);
}

async function gateway({ json, ...bench }: GatewayOptions): Promise<void> {
  const told = new AbortController();
  // Again and again: a second Ctrl-C must not leave half of it running.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => told.abort(new Error('Told to stop')));
  try {
    const onProgress = (sentence: string) => void process.stderr.write(`${sentence}\n`);
    const rows = await measureGateways({ ...bench, onProgress, signal: told.signal });
    process.stdout.write(json ? `${JSON.stringify({ rows })}\n` : showGateways(rows));
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
    process.exitCode = 1;
  }
}

function listOf<Name extends string>(names: readonly Name[]) {
  return (value: string): readonly Name[] => {
    const chosen = value.split(',');
    const unknown = chosen.find((each) => !(names as readonly string[]).includes(each));
    if (unknown !== undefined) throw new InvalidArgumentError(`It must be of ${names.join(', ')}.`);
    return names.filter((name) => chosen.includes(name));
  };
}

function countsOf(value: string): readonly number[] {
  return value.split(',').map(countOption);
}
