import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../scripts/audit.ts', import.meta.url));

export interface AuditOutcome {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run audit -- …` as an administrator runs it, on a system's folder. */
export async function runAudit(
  data: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<AuditOutcome> {
  const env = { PATH: process.env['PATH'], CONTACTPOINT_DATA: data, ...environment };
  return await new Promise((ended) => {
    execFile(process.execPath, [COMMAND, ...words], { env }, (error, stdout, stderr) =>
      ended({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}
