import type { Findings } from '../findings.ts';
import type { SourceLog } from '../log-source.ts';
import type { ReadLog } from '../read-log.ts';

/**
 * What is kept with a log and is no part of it: a reader who does not verify would take it for events or hashes of the
 * log. Of a log that could not be read to its end nobody can tell what belongs to it, and that is a fault already.
 *
 * @param size Leaves that the newest checkpoint covers.
 */
export async function checkSurplus(
  log: SourceLog,
  { leaves, isWhole }: ReadLog,
  size: number,
  findings: Findings,
): Promise<void> {
  if (!isWhole) return;
  const covered = Math.min(size, leaves);
  for await (const name of log.surplus(covered, leaves - covered)) {
    findings.add({ code: 'SURPLUS', origin: log.origin, message: `${name} is no part of the log` });
  }
}
