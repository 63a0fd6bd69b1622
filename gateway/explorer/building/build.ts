import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const [outDir] = process.argv.slice(2);
if (outDir === undefined) throw new Error('Name the folder to build into');

await build({
  root: fileURLToPath(new URL('..', import.meta.url)),
  logLevel: 'error',
  build: { outDir, emptyOutDir: true },
});
