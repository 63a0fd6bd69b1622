import type { Latency } from './latency.ts';
import type { StatementLatency } from './statement.ts';

/** Milliseconds: what the project has promised among ten million events. */
const GOAL = 100;

/** @param filledIn Seconds that the rows took. */
export function showStatement(
  { first, again }: StatementLatency,
  { events, filledIn }: { readonly events: number; readonly filledIn: number },
): string {
  return [
    `Statement of one child among ${events.toLocaleString('en-GB')} accesses, through the gateway`,
    `  rows and indexes made in ${filledIn.toFixed(0)} s`,
    line(`  asked for the first time, median of ${first.rounds}`, first, `≤ ${GOAL} ms`),
    line('  asked for again', again, ''),
    '',
  ].join('\n');
}

function line(name: string, { median, p95, p99, slowest }: Latency, goal: string): string {
  const rest = `95 % ${p95.toFixed(1)}, 99 % ${p99.toFixed(1)}, slowest ${slowest.toFixed(1)} ms`;
  return `${name.padEnd(46)}${median.toFixed(1).padStart(8)} ms   ${goal}   ${rest}`;
}
