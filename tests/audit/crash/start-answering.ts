import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How the process answers; all but `sound` are negative controls. */
export type Variant = 'sound' | 'answers-early';

export interface AnsweringProcess {
  readonly url: string;
  kill(): Promise<void>;
}

const MODULE = fileURLToPath(new URL('answering-process.ts', import.meta.url));

/** @throws Error when it ends before it listens. */
export async function startAnswering(
  auditUrl: string,
  origin: string,
  variant: Variant = 'sound',
): Promise<AnsweringProcess> {
  const child = fork(MODULE, [auditUrl, origin, variant], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  const address = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
  if (address === undefined) throw new Error('The answering process ended before it listened');
  const [{ port }] = address as [{ port: number }];
  return {
    url: `http://127.0.0.1:${port}/`,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
