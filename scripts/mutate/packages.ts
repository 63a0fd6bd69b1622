/** Code of which every guard must be noticed when it is gone, and the tests that must notice. */
export interface MutatedPackage {
  /** Globs of what is mutated, `!` in front of what is left out. */
  readonly mutate: readonly string[];
  /** Globs of the unit tests that own it. */
  readonly tests: readonly string[];
}

const ACCESS = 'schema/access/src';
const PIPELINE = 'gateway/server/src/pipeline';

/** The gates: each step of the pipeline that decides or keeps something back. */
const GATES = [
  'admission',
  'authorize-coordinates',
  'authorize-subjects',
  'break-glass',
  'fetch',
  'limits',
  'merge',
  'operation-coordinates',
  'purpose-of-use',
  'subject-access',
  'verdicts',
];

export const MUTATED_PACKAGES = {
  access: {
    mutate: [
      `${ACCESS}/**/*.ts`,
      `!${ACCESS}/**/*.test.ts`,
      `!${ACCESS}/**/*.bench.ts`,
      // A connection, and the commands that explain and replay: nothing is decided there.
      `!${ACCESS}/redis.ts`,
      `!${ACCESS}/explain.ts`,
      `!${ACCESS}/change.ts`,
      `!${ACCESS}/replay/**`,
    ],
    tests: [`${ACCESS}/*.test.ts`],
  },
  gates: {
    mutate: GATES.map((gate) => `${PIPELINE}/${gate}.ts`),
    tests: [`${PIPELINE}/*.test.ts`],
  },
} as const satisfies Record<string, MutatedPackage>;

export type MutatedPackageName = keyof typeof MUTATED_PACKAGES;
