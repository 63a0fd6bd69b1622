import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { appendLeaves, type SigningBench } from './signing-bench.ts';

/** What only somebody with the whole server in hand can do: no trigger stands in the way. */
export async function tamper({ owner }: SigningBench, ...statements: string[]): Promise<void> {
  await owner.unsafe(`set session_replication_role = replica; ${statements.join('; ')}; reset all`);
}

/**
 * A log that was signed at `count` and at three leaves more, and another that goes on whatever happens to the first. The
 * signer is gone.
 */
export async function signedTwice(
  bench: SigningBench,
  count = 4,
): Promise<{ readonly log: AuditLog; readonly bystander: AuditLog }> {
  const log = await bench.boot('gateway-1');
  const bystander = await bench.boot('gateway-2');
  const { session, rounds } = await bench.start();
  await appendLeaves(log, count);
  await rounds.run(true);
  await appendLeaves(log, 3);
  await rounds.run(false);
  await session.close();
  return { log, bystander };
}
