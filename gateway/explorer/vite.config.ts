import { defineConfig } from 'vite';
import { compressed } from './building/compressed.ts';

/** Two pages: the explorer, and the one on which a sign-in ends. Everything else is an asset named by its hash. */
export default defineConfig({
  base: '/explorer/',
  plugins: [compressed()],
  build: {
    target: 'es2023',
    // In a data: URL nothing could be cached, and the page's policy would have to allow more of them.
    assetsInlineLimit: 0,
    // Monaco alone is beyond what the warning is for.
    chunkSizeWarningLimit: 10_000,
    reportCompressedSize: false,
    rolldownOptions: { input: ['index.html', 'callback.html'] },
  },
});
