import { defineConfig } from 'vitest/config';

/** The unit tests of one package alone: without PostgreSQL, and on modules loaded as they are, see the root's config. */
export default defineConfig({
  test: {
    include: (process.env['MUTATE_TESTS'] ?? '').split(' '),
    experimental: { viteModuleRunner: false },
    testTimeout: 60_000,
  },
});
