import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const [asBrotli, asGzip] = [promisify(brotliCompress), promisify(gzip)];

/** Bytes below which a compressed copy would save nothing worth a file. */
const WORTH_IT = 1_024;

/** 11, the best, takes six times as long for a twelfth less; `npm start` waits for it. */
const BROTLI_QUALITY = 8;

/** Puts a Brotli and a gzip copy beside each asset, so that the gateway compresses nothing while it serves. */
export function compressed(): Plugin {
  return {
    name: 'compressed-copies',
    apply: 'build',
    async writeBundle({ dir = '' }) {
      const assets = join(dir, 'assets');
      await Promise.all((await readdir(assets)).map((name) => compress(join(assets, name))));
    },
  };
}

async function compress(file: string): Promise<void> {
  const content = await readFile(file);
  if (content.length < WORTH_IT) return;
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } };
  await Promise.all([
    asBrotli(content, quality).then((bytes) => writeFile(`${file}.br`, bytes)),
    asGzip(content).then((bytes) => writeFile(`${file}.gz`, bytes)),
  ]);
}
