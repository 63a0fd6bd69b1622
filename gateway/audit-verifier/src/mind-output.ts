import process from 'node:process';
import { EXIT_CODE } from './exit-code.ts';

/**
 * Whoever closes what a command writes to has read enough, as `| head -1` does: the command goes on, and its exit code is what
 * it found. Output that nobody closed and that is not taken all the same ends it as unreadable. By itself Node would end it
 * with a stack, and with the exit code of a fault.
 */
export function mindOutput(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    process.stderr.write(`The output cannot be written (${code})\n`);
    process.exit(EXIT_CODE.UNREADABLE);
  });
}
