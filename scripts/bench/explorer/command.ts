import type { Command } from 'commander';
import { dataFolder, readRunFile } from '../../system/run-file.ts';
import { countOption } from '../count-option.ts';
import { startOwnSystem } from '../own-system.ts';
import { type ExplorerFigures, measureExplorer } from './measure-explorer.ts';

interface ExplorerOptions {
  readonly rounds: number;
  readonly data?: string;
  readonly json: boolean;
}

/** What the project has promised for two cores. */
const GOALS = { firstLoad: 3_000, transferred: 3_000_000 } as const;

/** `npm run bench -- explorer`. */
export function addExplorerCommand(command: Command): void {
  command
    .command('explorer')
    .description(
      'the explorer in Chromium: first load and its bytes, editor, longest task on an answer of 5 MB',
    )
    .option('--rounds <count>', 'browsers that know nothing yet, one after the other', countOption, 5)
    .option('--data <folder>', 'measure the system that runs on this folder instead of one of its own')
    .option('--json', 'figures for programs', false)
    .action(explorer);
}

async function explorer({ rounds, data, json }: ExplorerOptions): Promise<void> {
  const own = data === undefined ? await startOwnSystem(60) : undefined;
  try {
    const folder = data ?? own?.data ?? dataFolder();
    const run = readRunFile(folder);
    if (run === undefined) throw new Error(`No system runs on ${folder}`);
    const figures = await measureExplorer({ gateway: run.urls.gateway, rounds });
    process.stdout.write(json ? `${JSON.stringify(figures, null, 2)}\n` : tableOf(figures));
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
    process.exitCode = 1;
  } finally {
    await own?.stop();
  }
}

function tableOf(figures: ExplorerFigures): string {
  const ms = (value: number) => `${value.toFixed(0)} ms`.padStart(12);
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`.padStart(12);
  return (
    `The explorer in Chromium, medians of ${figures.rounds}\n` +
    `  first load                       ${ms(figures.firstLoad)}   ≤ ${GOALS.firstLoad} ms\n` +
    `    the quickest                   ${ms(figures.quickestLoad)}\n` +
    `    transferred, compressed        ${mb(figures.transferred)}   ≤ ${GOALS.transferred / 1e6} MB\n` +
    `  editor usable after the sign-in  ${ms(figures.editorUsable)}\n` +
    `    transferred by then, in all    ${mb(figures.transferredToEditor)}   ≤ ${GOALS.transferred / 1e6} MB\n` +
    `  longest task, answer of 5 MB     ${ms(figures.longestTask)}\n`
  );
}
