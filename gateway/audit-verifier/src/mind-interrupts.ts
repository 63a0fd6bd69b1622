import { writeSync } from 'node:fs';
import process from 'node:process';

/** Signals by which whoever started a command ends it, and their numbers. */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

export const INTERRUPTED_HELP = `
Interrupted, it ends with 128 and the signal's number: ${128 + SIGNALS.SIGINT} after Ctrl-C, ${128 + SIGNALS.SIGTERM} after SIGTERM.`;

/**
 * Ends a command that is interrupted at once, with one sentence and the exit code that a shell has for the signal. What is half
 * written is left to lie under its other name.
 *
 * @param outcome What is so then: `Nothing is said about the log`. Asked when it happens.
 */
export function mindInterrupts(outcome: () => string): void {
  for (const [signal, number] of Object.entries(SIGNALS)) {
    process.once(signal, () => {
      say(`\nInterrupted (${signal}). ${outcome()}.\n`);
      process.exit(128 + number);
    });
  }
}

/** Before the process ends, and whether or not anybody still reads it. */
function say(sentence: string): void {
  try {
    writeSync(process.stderr.fd, sentence);
  } catch {
    // The exit code says it as well.
  }
}
