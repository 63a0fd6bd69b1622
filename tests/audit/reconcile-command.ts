import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Reconciliation } from '@contactpoint/scripts/reconcile/reconcile';

const COMMAND = fileURLToPath(new URL('../../scripts/reconcile.ts', import.meta.url));

export interface CommandOutcome {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run reconcile` as an administrator runs it, on a system's folder. */
export async function runReconcile(data: string, ...args: readonly string[]): Promise<CommandOutcome> {
  return await runReconcileIn({}, data, ...args);
}

/** The same with settings of one's own. */
export async function runReconcileIn(
  settings: Readonly<Record<string, string>>,
  data: string,
  ...args: readonly string[]
): Promise<CommandOutcome> {
  const env = { PATH: process.env['PATH'], CONTACTPOINT_DATA: data, ...settings };
  return await new Promise((ended) => {
    execFile(process.execPath, [COMMAND, ...args], { env }, (error, stdout, stderr) =>
      ended({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

/** What it found, as `--json` says it. */
export async function reconciled(
  data: string,
  ...args: readonly string[]
): Promise<CommandOutcome & { readonly found: Reconciliation }> {
  const outcome = await runReconcile(data, '--json', ...args);
  if (outcome.stdout === '') throw new Error(`reconcile said nothing: ${outcome.stderr}`);
  return { ...outcome, found: JSON.parse(outcome.stdout) as Reconciliation };
}
