import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const BENCH = fileURLToPath(new URL('../../bench.ts', import.meta.url));

function bench(words: string): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [BENCH, 'gateway', ...words.split(' ')]);
}

test('a short run prints its rows, and nothing else on standard output', { timeout: 120_000 }, async () => {
  const { stdout } = await bench(
    '--gateways contactpoint,executor --operations benchmark --callers 1,4 --rounds 1 --seconds 1 --json',
  );
  const { rows } = JSON.parse(stdout) as { rows: Record<string, unknown>[] };
  expect(rows.map(({ gateway, operation, callers }) => [gateway, operation, callers])).toEqual([
    ['executor', 'benchmark', 1],
    ['executor', 'benchmark', 4],
  ]);
  for (const { gateway: _, operation: __, ...figures } of rows) {
    const names = ['callers', 'rps', 'p50Ms', 'p99Ms', 'cpuMicros', 'rssMb', 'subgraphRequests'];
    expect(Object.keys(figures)).toEqual(names);
    for (const figure of Object.values(figures)) expect(figure).toBeGreaterThan(0);
  }
});

test.each([
  ['--gateways rust', 'It must be of contactpoint, executor, apollo, hive, grafbase.'],
  ['--operations everything', 'It must be of view, caseload, benchmark.'],
  ['--callers 1,none', 'It must be 1 or more.'],
  ['--rounds 0', 'It must be 1 or more.'],
])('refuses %s', async (words, sentence) => {
  await expect(bench(words)).rejects.toMatchObject({ stderr: expect.stringContaining(sentence) });
});
