import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type WatchedFile, watchFile } from './watched-file.ts';

let folder: string;
let file: string;
let told: number;
let watched: WatchedFile | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-watched-'));
  file = join(folder, 'supergraph.graphql');
  writeFileSync(file, 'first');
  told = 0;
});
afterEach(() => {
  watched?.close();
  rmSync(folder, { recursive: true });
});

const watch = async (path = file) => {
  watched = watchFile({ file: path, onChange: () => told++, interval: 5 });
  await toldOf(1);
};
const toldOf = (times: number) => expect.poll(() => told, { timeout: 10_000 }).toBe(times);

test('tells of a file that is replaced, written to, removed and put back', async () => {
  await watch();
  writeFileSync(`${file}.new`, 'again');
  renameSync(`${file}.new`, file);
  await toldOf(2);
  writeFileSync(file, 'longer');
  await toldOf(3);
  rmSync(file);
  await toldOf(4);
  writeFileSync(file, 'back');
  await toldOf(5);
});

test('follows a link that is turned above it, as volumes of settings are', async () => {
  for (const name of ['one', 'two']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'supergraph.graphql'), name);
  }
  symlinkSync('one', join(folder, 'data'));
  await watch(join(folder, 'data', 'supergraph.graphql'));
  symlinkSync('two', join(folder, 'data.new'));
  renameSync(join(folder, 'data.new'), join(folder, 'data'));
  await toldOf(2);
});

test('a file that is still being written is not told of', async () => {
  await watch();
  for (let length = 1; length < 100; length++) {
    writeFileSync(file, 'x'.repeat(length));
    await new Promise((later) => setTimeout(later, 2));
  }
  const whileWritten = told;
  await expect.poll(() => told, { timeout: 10_000 }).toBeGreaterThan(whileWritten);
  expect(whileWritten).toBeLessThan(50);
});
