import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Each test file and each process that it starts would compile anew all that it loads. Inherited by all of them.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(
  new URL('node_modules/.cache/contactpoint', import.meta.url),
);

/**
 * Two sizes of test. `unit` sits beside the code it tests; `situations` are the promises that cross packages, on real
 * PostgreSQL and real processes.
 *
 * Modules load natively: vite's own module runner would load a second copy of `graphql`, and a schema built with one
 * copy is refused by the other.
 */
const shared = {
  experimental: { viteModuleRunner: false },
  globalSetup: ['./tests/postgres.ts', './tests/redis.ts'],
  testTimeout: 30_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    // Two noisy cores: more workers than that only make each one slower.
    maxWorkers: 2,
    // Of one file, where it says so.
    maxConcurrency: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['{schema,gateway,subgraphs}/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'situations',
          include: ['tests/**/*.test.ts'],
          globalSetup: [...shared.globalSetup, './tests/system-template.ts'],
        },
      },
    ],
  },
});
