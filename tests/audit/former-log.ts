import { randomBytes } from 'node:crypto';
import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';
import { openDatedLog } from '@contactpoint/audit-log/testing/dated-log';
import type { TestSystem } from '../running-system.ts';
import { auditOwnerUrl } from './audit-owner.ts';

/** Name of a log that a gateway of the deployment wrote in 2010. */
export const FORMER_LOG = 'contactpoint.local/gateway-0/20100104T090000Z-0000';

const AT = '2010-01-04T09:00:00.000Z';

/**
 * Accesses of long ago, as they were kept then, their gateway's boot first.
 *
 * @param children One event each.
 * @returns Index of each event.
 */
export async function writeFormerLog(
  system: TestSystem,
  events: readonly Partial<AccessEvent>[],
): Promise<readonly number[]> {
  const log = await openDatedLog(auditOwnerUrl(system), FORMER_LOG, () => new Date(AT));
  const indexes: number[] = [];
  try {
    for (const event of [{ kind: 'boot' } as const, ...events]) {
      const [leaf] = encodeAccessEvent({
        ...{ version: 1, kind: 'access', nonce: randomBytes(16).toString('hex'), at: AT },
        ...{ instance: 'gateway-0', override: false, outcome: 'RELEASED', jtis: [], subjects: [] },
        ...event,
      });
      if (leaf === undefined) throw new Error('an event without a leaf');
      indexes.push(Number((await log.append(leaf)).index));
    }
  } finally {
    await log.close();
  }
  return indexes.slice(1);
}
