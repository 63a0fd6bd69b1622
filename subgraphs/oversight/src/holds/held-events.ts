import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import type { ISql } from 'postgres';

/** A hold in force, as far as it says which events it covers. */
export interface CoveringHold {
  readonly childId: string;
  readonly practitionerId: string | null;
  readonly organisationId: string | null;
  /** RFC 3339; the first moment that it covers, and the first one that it does not. */
  readonly from: string | null;
  readonly to: string | null;
}

/** @param now Which holds are in force. */
export async function findCoveringHolds(
  sql: ISql<Record<never, never>>,
  now: Date,
): Promise<readonly CoveringHold[]> {
  return await sql<CoveringHold[]>`
    select child_id as "childId", practitioner_id as "practitionerId", organisation_id as "organisationId",
      london_midnight(held_from) as "from", london_midnight(held_to + 1) as "to"
    from lawful_hold where is_in_force(lawful_hold, ${now.toISOString()}::timestamptz)`;
}

/**
 * Whether a hold covers an event, as `isHeld` says it of the projection's rows: whoever holds an access back from a
 * statement wants it to be there when the hold ends.
 *
 * @param numbers All numbers of the hold's child.
 */
export function covers(hold: CoveringHold, numbers: readonly string[], event: AccessEvent): boolean {
  const { practitionerId, organisationId, from, to } = hold;
  const at = Date.parse(event.at);
  return (
    event.subjects.some(({ child }) => numbers.includes(child)) &&
    (practitionerId === null || practitionerId === event.practitioner || practitionerId === event.mediator) &&
    (organisationId === null || organisationId === event.organisation) &&
    (from === null || at >= Date.parse(from)) &&
    (to === null || at < Date.parse(to))
  );
}
