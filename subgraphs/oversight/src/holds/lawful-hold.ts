import type { Store } from '@contactpoint/subgraph-kit/store';

/** One hold as the contract answers it. Days are calendar days in Europe/London. */
export interface LawfulHoldRow {
  readonly id: string;
  readonly childId: string;
  /** On what it rests. */
  readonly reference: string;
  readonly practitionerId: string | null;
  readonly organisationId: string | null;
  /** First and last day of the accesses that it covers. */
  readonly from: string | null;
  readonly to: string | null;
  /** Last day of the hold itself. */
  readonly endsOn: string | null;
  readonly placedAt: string;
  readonly placedBy: string;
  readonly endedAt: string | null;
  readonly endedBy: string | null;
  readonly inForce: boolean;
}

export function holdColumns(sql: Store, now: Date) {
  return sql`
    id, child_id as "childId", reference, practitioner_id as "practitionerId", organisation_id as "organisationId",
    held_from as "from", held_to as "to", ends_on as "endsOn", placed_at as "placedAt", placed_by as "placedBy",
    ended_at as "endedAt", ended_by as "endedBy", is_in_force(lawful_hold, ${now}) as "inForce"`;
}

/**
 * Whether a hold in force covers a child's part in `event`, an `access_event`.
 *
 * @param numbers All numbers of the child: what was held under one of them is held under all.
 */
export function isHeld(sql: Store, numbers: readonly string[], now: Date) {
  return sql`
    exists (
      select from lawful_hold
      where lawful_hold.child_id = any(${numbers as string[]}) and is_in_force(lawful_hold, ${now})
        and (lawful_hold.practitioner_id is null
          or lawful_hold.practitioner_id in (event.practitioner_id, event.mediator_id))
        and (lawful_hold.organisation_id is null or lawful_hold.organisation_id = event.organisation_id)
        and (held_from is null or event.at >= london_midnight(held_from))
        and (held_to is null or event.at < london_midnight(held_to + 1)))`;
}
