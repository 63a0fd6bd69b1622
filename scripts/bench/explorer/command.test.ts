import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const BENCH = fileURLToPath(new URL('../../bench.ts', import.meta.url));

test.each([
  [['--rounds', '0'], 'It must be 1 or more.'],
  [['--data', join(tmpdir(), 'no-system-here')], 'No system runs on'],
])('%j is refused', async (words, sentence) => {
  const running = promisify(execFile)(process.execPath, [BENCH, 'explorer', ...words]);
  await expect(running).rejects.toMatchObject({ stderr: expect.stringContaining(sentence), stdout: '' });
});
