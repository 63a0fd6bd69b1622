import { defineConfig } from 'rolldown';

/** One file of plain JavaScript without a dependency: a reviewer needs Node and nothing else, and can read it. */
export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  output: {
    file: 'dist/contactpoint-verify.js',
    format: 'esm',
    banner: '#!/usr/bin/env node',
  },
});
