import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readContract } from '@contactpoint/contract/sdl';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const SCRIPT = new URL('./compose.ts', import.meta.url).pathname;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-compose-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...args: readonly string[]): Promise<Outcome> {
  return await new Promise((ended) => {
    execFile(process.execPath, [SCRIPT, ...args], (error, stdout, stderr) =>
      ended({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

describe('npm run compose', () => {
  test('prints the supergraph of the contract', async () => {
    const { code, stdout, stderr } = await run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(
      'OVERSIGHT @join__graph(name: "oversight", url: "http://127.0.0.1:4006/graphql")',
    );
  });

  test('writes it to a file, with the URLs it is told', async () => {
    const file = join(folder, 'supergraph.graphql');
    expect(await run('--out', file, '--url', 'health=https://health.example/graphql')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(readFileSync(file, 'utf8')).toContain(
      'HEALTH @join__graph(name: "health", url: "https://health.example/graphql")',
    );
  });

  test('says everything that is wrong with the subgraphs of a folder', async () => {
    const schema = join(folder, 'schema');
    mkdirSync(schema);
    writeFileSync(join(schema, 'directory.graphql'), readContract('directory'));
    writeFileSync(
      join(schema, 'housing.graphql'),
      readContract('health').replace('@sensitivity(class: REFERENCE)', ''),
    );
    const { code, stdout, stderr } = await run('--schema', schema);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('housing Query.practice: Query.practice needs @sensitivity');
    expect(stderr).toMatch(/\(ROOT_FIELD_UNGUARDED\)\nRefused: 1 problem\.\n$/);
  });

  test.each([
    ['an option it does not know', ['--nonsense'], 'unknown option'],
    ['an argument', ['contract'], 'too many arguments'],
    ['a URL without a name', ['--url', 'http://127.0.0.1'], 'name=http'],
    ['a URL of a subgraph that is not there', ['--url', 'housing=http://127.0.0.1'], 'housing'],
    ['a folder that is not there', ['--schema', '/nonexistent'], '/nonexistent'],
    ['a file that cannot be written', ['--out', '/nonexistent/supergraph.graphql'], '/nonexistent'],
  ])('exits with 2 for %s', async (_case, args, problem) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(problem);
  });

  test('explains itself', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('Exit codes: 0 composed, 1 refused, 2 usage.');
  });
});
