import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { audit } from './audit.ts';

/**
 * Events that the log did not take when it should have. Their callers got nothing, but agencies had been asked, and have
 * that in their journals: the log must come to say so too, or what was sound looks as though it had gone past the gateway.
 */
export interface OwedEvents {
  /** Remembers an event, unless it names no grant: then no agency was asked. Beyond the most, it is forgotten. */
  keep(event: AccessEvent): void;
  /** Appends them again, under new indexes, until the log refuses one. Never rejects. */
  settle(): Promise<void>;
}

/** Events remembered, some 2 kB each. A gateway that knows its log to be gone asks no agency any more. */
const MOST = 1_000;

export function createOwedEvents(log: AuditLog): OwedEvents {
  const owed: AccessEvent[] = [];
  let settling: Promise<void> | undefined;

  const settle = async () => {
    for (let event = owed[0]; event !== undefined; event = owed[0]) {
      try {
        await audit(log, event);
      } catch {
        return;
      }
      owed.shift();
    }
  };

  return {
    keep(event) {
      if (event.jtis.length > 0 && owed.length < MOST) owed.push(event);
    },
    settle() {
      settling ??= settle().finally(() => {
        settling = undefined;
      });
      return settling;
    },
  };
}
