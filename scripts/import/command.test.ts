import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('../import.ts', import.meta.url));
const SCHOOLS = fileURLToPath(import.meta.url);

/** The command as npm runs it, without any system to import into. */
function run(...args: string[]) {
  const env = { PATH: process.env['PATH'], CONTACTPOINT_DATA: '/nowhere' };
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { env, encoding: 'utf8' });
  return { status, stderr };
}

test.each([
  ['nothing at all', [], 64, 'missing required argument'],
  ['an unknown source', ['sen2', SCHOOLS], 64, "'sen2' is invalid"],
  ['a source without file', ['cin'], 64, 'missing required argument'],
  ['SSDA903 without authority', ['ssda903', SCHOOLS], 64, '--la is missing'],
  ['an authority that is no code', ['ssda903', '--la', '97', SCHOOLS], 64, 'three digits'],
  ['an authority where the file names one', ['cin', '--la', '975', SCHOOLS], 64, '--la is not for cin'],
  ['two files of a source that is one', ['gias', SCHOOLS, SCHOOLS], 64, 'takes one file'],
  ['no system to import into', ['cin', SCHOOLS], 78, 'AUDIT_WRITER_DATABASE_URL is not set'],
])('%s: a sentence and an exit code', (_case, args, code, sentence) => {
  const { status, stderr } = run(...args);
  expect(stderr).toContain(sentence);
  expect(status).toBe(code);
  expect(stderr).not.toMatch(/^\s+at /m);
});
