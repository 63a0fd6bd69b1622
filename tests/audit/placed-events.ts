import { randomBytes } from 'node:crypto';
import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import type { LeafReceipt } from '@contactpoint/audit-log/audit-log';
import { openBootLog } from '@contactpoint/audit-log/boot';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';
import { openKnownKeys } from '@contactpoint/scripts/audit/known-keys';
import type { TestSystem } from '../running-system.ts';

/** A log beside the gateways', for events of days that a test cannot wait for. */
export interface PlacedEvents extends AsyncDisposable {
  /** Keeps events as a gateway does; what is not given is that of a social worker who was shown the children's names. */
  place(...events: readonly PlacedEvent[]): Promise<readonly LeafReceipt[]>;
}

export type PlacedEvent = Partial<AccessEvent> & { readonly children?: readonly string[] };

/** Opens it as an instance of its own, through the gateway's role and the gateway's own way to a log. */
export async function openPlacedEvents(system: TestSystem, instance: string): Promise<PlacedEvents> {
  const log = await openBootLog({
    url: system.clusters.audit.writerUrl,
    deployment: 'contactpoint.local',
    instance,
    keys: openKnownKeys(system.data, {}),
  });
  return {
    place: async (...events) =>
      await Promise.all(
        events.map(async (event) => {
          const [leaf] = encodeAccessEvent(eventOf(instance, event));
          if (leaf === undefined) throw new Error('an event has at least one part');
          return await log.append(leaf);
        }),
      ),
    [Symbol.asyncDispose]: () => log.close(),
  };
}

function eventOf(instance: string, { children = [], ...event }: PlacedEvent): AccessEvent {
  return {
    version: 1,
    kind: 'access',
    nonce: randomBytes(16).toString('hex'),
    at: new Date().toISOString(),
    instance,
    practitioner: 'p-social-worker',
    role: 'social-worker',
    organisation: 'LA-975',
    purpose: 'S47',
    reason: 'Enquiry opened this morning',
    override: false,
    operation: { name: 'View', hash: 'ab'.repeat(32) },
    outcome: 'RELEASED',
    jtis: [],
    subjects: children.map((child) => ({
      child,
      released: ['Child.familyName'],
      withheld: [],
      policies: ['social-worker-s47'],
    })),
    ...event,
  };
}
