import { relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { MUTATED_PACKAGES, type MutatedPackageName } from './mutate/packages.ts';
import { describeReport, type Mutant, reportOf } from './mutate/report.ts';

/** Least part of the mutants that tests must notice. */
const LEAST_SCORE = 0.9;

const TOO_FEW = 1;

interface MutateOptions {
  readonly package: MutatedPackageName;
  readonly json?: true;
  readonly concurrency: number;
  readonly only?: readonly string[];
  readonly tests?: readonly string[];
  readonly static: boolean;
}

/** `npm run mutate`: takes guards out of the code one by one, and says which of them no test missed. */
const options = new Command('npm run mutate --')
  .description('Changes the code that decides, one place at a time, and reports what no unit test noticed.')
  .addOption(
    new Option('--package <name>', 'the access package, or the gates of the pipeline')
      .choices(Object.keys(MUTATED_PACKAGES))
      .default('access'),
  )
  .option('--only <files...>', 'some files of it, schema/access/src/decide.ts')
  .option(
    '--tests <files...>',
    'by these tests alone, which takes less time; what only others miss counts against them',
  )
  .option('--concurrency <count>', 'how many changes are tried at a time', asCount, 2)
  .option('--no-static', 'leaves out what runs once, while modules load: each such change takes all tests')
  .option('--json', 'the report as JSON')
  .addHelpText(
    'after',
    `\nTexts are left as they are: most of them are messages. Exit code ${TOO_FEW} below ${100 * LEAST_SCORE} %.`,
  )
  .parse()
  .opts<MutateOptions>();

const { mutate, tests } = MUTATED_PACKAGES[options.package];
process.env['MUTATE_TESTS'] = (options.tests ?? tests).join(' ');

const results = await new Stryker({
  mutate: [...(options.only ?? mutate)],
  mutator: { plugins: null, excludedMutations: ['StringLiteral'] },
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'scripts/mutate/vitest.config.ts' },
  // Stryker would read it with TypeScript's own code, which TypeScript 7 does not offer; nothing here needs it.
  tsconfigFile: 'none.json',
  concurrency: options.concurrency,
  // A busy machine is no endless loop, and would count as one.
  timeoutMS: 60_000,
  ignoreStatic: !options.static,
  reporters: options.json ? [] : ['progress-append-only'],
  allowConsoleColors: false,
  logLevel: options.json ? 'off' : 'info',
  tempDirName: '.stryker-tmp',
  cleanTempDir: 'always',
  ignorePatterns: ['.contactpoint', '.turbo', 'docs'],
} as ConstructorParameters<typeof Stryker>[0]).runMutationTest();

const report = reportOf(
  results.map(
    ({ fileName, location, mutatorName, replacement, status }): Mutant => ({
      fileName: relative(process.cwd(), fileName),
      line: location.start.line,
      mutator: mutatorName,
      replacement: replacement ?? '',
      status,
    }),
  ),
);
process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : describeReport(report)}\n`);
process.exitCode = report.score < LEAST_SCORE ? TOO_FEW : 0;

function asCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('a whole number from 1');
  return count;
}
