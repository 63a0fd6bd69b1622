import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('./independent-verifier/main.go', import.meta.url));

/** Where Debian's golang-golang-x-mod-dev puts sources; no module is ever downloaded. */
const GOPATH = '/usr/share/gocode';

/** What the Go program found in one log. */
interface GoReport {
  readonly origin: string;
  readonly leaves: number;
  readonly checkpoints: number;
  /** Proofs that it made from tiles, and checked. */
  readonly inclusions: number;
  readonly consistency: number;
  readonly pruned: number;
}

export interface GoOutcome {
  readonly sound: boolean;
  readonly reports: readonly GoReport[];
  readonly stderr: string;
}

/** Whether Go and its library of transparency logs are on this machine: Debian's golang-go, golang-golang-x-mod-dev. */
export function hasGo(): boolean {
  const hasProgram = (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => existsSync(join(folder, 'go')));
  return hasProgram && existsSync(join(GOPATH, 'src/golang.org/x/mod/sumdb/tlog'));
}

/** @param folder For the program, and for what the compiler keeps. */
export async function buildGoVerifier(
  folder: string,
): Promise<(exported: string, vkey: string) => Promise<GoOutcome>> {
  const program = join(folder, 'verifier');
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GO111MODULE: 'off',
    GOFLAGS: '',
    GOPATH,
    GOCACHE: join(folder, 'cache'),
  };
  const built = await run('go', ['build', '-o', program, SOURCE], env);
  if (built.code !== 0) throw new Error(`go build failed: ${built.stderr}`);
  return async (exported, vkey) => {
    const { code, stdout, stderr } = await run(program, [exported, vkey], env);
    const lines = stdout.split('\n').filter((line) => line !== '');
    return { sound: code === 0, reports: lines.map((line) => JSON.parse(line) as GoReport), stderr };
  };
}

function run(program: string, words: readonly string[], env: NodeJS.ProcessEnv) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((ended) => {
    execFile(program, words, { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      ended({ code: error === null ? 0 : (error.code ?? 'killed'), stdout, stderr }),
    );
  });
}
