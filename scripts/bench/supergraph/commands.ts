import type { Command } from 'commander';
import { countOption } from '../count-option.ts';
import { measureChain } from './chain-latency.ts';
import { measureSubgraphCount, type SubgraphCountBench } from './subgraph-count.ts';
import { measureSwaps } from './swap-cost.ts';

/** Subgraphs that are compared: as in the contract with one more, and as a country has agencies. */
const COUNTS = [7, 200] as const;

/** `npm run bench -- swap`, `-- subgraphs` and `-- chain`. */
export function addSupergraphCommands(command: Command): void {
  command
    .command('swap')
    .description('what bringing up a supergraph takes, and for how long it holds requests up')
    .option('--rounds <count>', 'supergraphs that are brought up', countOption, 9)
    .option('--json', 'figures for programs', false)
    .action(swap);
  command
    .command('subgraphs')
    .description('CPU of a joined view where the gateway knows 7 subgraphs and where it knows 200')
    .option('--rounds <count>', 'rounds in which each is measured in turn', countOption, 9)
    .option('--seconds <count>', 'seconds of one measurement', countOption, 5)
    .option('--json', 'figures for programs', false)
    .action(subgraphs);
  command
    .command('chain')
    .description('the joined view of one caller beside the same subgraphs asked by hand')
    .option('--rounds <count>', 'requests that are measured', countOption, 1_000)
    .option('--json', 'figures for programs', false)
    .action(chain);
}

interface Shown {
  readonly rounds: number;
  readonly json: boolean;
}

const onProgress = (sentence: string) => void process.stderr.write(`${sentence}\n`);

async function swap({ rounds, json }: Shown): Promise<void> {
  const costs = await measureSwaps(COUNTS, rounds);
  show(
    json,
    costs,
    costs.map(
      ({ subgraphs: count, taken, blocked, atOnce }) =>
        `${count} subgraphs`.padEnd(16) +
        `brought up in ${ms(taken)}, requests held up for ${ms(blocked)} at most; in one go ${ms(atOnce)}`,
    ),
  );
}

async function subgraphs({ json, ...bench }: Shown & Pick<SubgraphCountBench, 'seconds'>): Promise<void> {
  const [few, many] = COUNTS;
  const cost = await measureSubgraphCount({ ...bench, few, many, onProgress });
  const ratios = cost.rounds.map((round) => (round.many / round.few).toFixed(2));
  show(json, cost, [
    `CPU of the gateway for one joined view, medians of ${cost.rounds.length} rounds in turn`,
    `  ${few} subgraphs     ${cost.few.toFixed(0)} µs`,
    `  ${many} subgraphs   ${cost.many.toFixed(0)} µs`,
    `  ratio           ${cost.ratio.toFixed(2)}, by round ${ratios.join(' ')}`,
  ]);
}

async function chain({ rounds, json }: Shown): Promise<void> {
  const latency = await measureChain(rounds, onProgress);
  show(json, latency, [
    `Joined view of one caller, medians of ${latency.rounds} in turn`,
    `  gateway         ${ms(latency.gateway)}`,
    `  by hand         ${ms(latency.byHand)}   directory, then the slowest of three`,
    `  ratio           ${latency.ratio.toFixed(2)}   ≤ 1.5`,
  ]);
}

function show(json: boolean, figures: unknown, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(figures, null, 2)}\n` : `${lines.join('\n')}\n`);
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
