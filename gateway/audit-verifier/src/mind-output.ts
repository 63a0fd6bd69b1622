import process from 'node:process';
import { EXIT_CODE } from './exit-code.ts';

/**
 * Whoever closes what a command writes to has read enough, as `| head -1` does: the command goes on, and its exit code is what
 * it found. Output that nobody closed and that is not taken all the same ends it. By itself Node would end it in either case, with
 * a stack and the exit code 1, which stands for a fault.
 *
 * @param unwritable Exit code of a command whose output is not taken.
 */
export function mindOutput(unwritable: number = EXIT_CODE.UNREADABLE): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    process.stderr.write(`The output cannot be written (${code})\n`);
    process.exit(unwritable);
  });
}
