import type { SubjectDecision } from '@contactpoint/audit-log/access-event';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { audit, type Receipt } from './audit.ts';
import type { Counted, RefusalCounter } from './refusal-counter.ts';
import type { Outcome } from './respond.ts';
import { type EventContext, eventOf, type Trail } from './trail.ts';

export interface RecordParts {
  readonly log: AuditLog;
  readonly refusals: RefusalCounter;
  readonly events: EventContext;
}

/**
 * Puts on record what is about to be done, before it is: after a crash the intent says what may have been. The trail
 * holds its index from then on, and the outcome will name it.
 *
 * @param subjects What was decided so far.
 * @throws AccessError AUDIT_UNAVAILABLE; nothing may be done then.
 */
export async function recordIntent(
  { log, events }: Pick<RecordParts, 'log' | 'events'>,
  trail: Trail,
  subjects: readonly SubjectDecision[],
): Promise<void> {
  const intent = eventOf(trail, events, { kind: 'intent', outcome: 'RELEASED', subjects });
  trail.intentIndex = (await audit(log, intent)).index;
}

/**
 * Puts on record how an operation ended. A refusal of a caller who was never known is counted; the first of a minute
 * and source is an event at once.
 *
 * @throws AccessError AUDIT_UNAVAILABLE; nothing may be answered then.
 */
export async function recordOutcome(
  { log, refusals, events }: RecordParts,
  trail: Trail,
  subjects: readonly SubjectDecision[],
  { outcome, refusal }: Outcome,
): Promise<Receipt | Counted> {
  if (trail.practitionerId === undefined) {
    const event = refusals.count(trail.request.source, trail.at, refusal?.code ?? 'UNAUTHENTICATED');
    if (event !== undefined) {
      await audit(log, event).catch((cause: unknown) => {
        refusals.putBack(event);
        throw cause;
      });
    }
    return {} as Counted;
  }
  // The caller is not told of what is silent; the log is.
  const silent = outcome === 'RELEASED' && subjects.some(({ withheld }) => withheld.length > 0);
  const event = eventOf(trail, events, {
    kind: trail.intentIndex === undefined ? 'access' : 'outcome',
    outcome: silent ? 'PARTIAL' : outcome,
    ...(refusal === undefined ? {} : { refusal }),
    subjects,
  });
  return await audit(log, event);
}
