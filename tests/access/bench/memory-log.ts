import type { AccessEventPart } from '@contactpoint/audit-log/access-event';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { decodeAccessEvent } from '@contactpoint/audit-log/decode-access-event';

/** A log that keeps its leaves where a test can read them. */
export interface MemoryLog extends AuditLog {
  readonly leaves: readonly string[];
  readonly events: () => readonly AccessEventPart[];
}

export function createMemoryLog(): MemoryLog {
  const leaves: string[] = [];
  const origin = 'bench.test/gateway-1/20260615T120000Z-0000';
  return {
    origin,
    leaves,
    events: () => leaves.map((leaf) => decodeAccessEvent(Buffer.from(leaf))),
    append: async (leaf) => {
      leaves.push(Buffer.from(leaf).toString());
      return { origin, index: BigInt(leaves.length - 1) };
    },
    healthy: true,
    close: async () => {},
  };
}
