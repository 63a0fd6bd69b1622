import type { InvolvementRow } from './rows.ts';

/** `Involvement` of the contract. */
export interface Involvement {
  readonly id: string;
  readonly sector: string | null;
  readonly service: string | null;
  readonly practitionerName: string | null;
  readonly practitionerRole: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly isLead: boolean | null;
  readonly brokered: boolean;
}

/** Of a sensitive service there is nothing to say but that it exists and whom to ring. */
export function asInvolvement(row: InvolvementRow): Involvement {
  if (row.brokered) {
    return {
      id: row.id,
      sector: null,
      service: null,
      practitionerName: null,
      practitionerRole: null,
      phone: row.brokerPhone,
      email: null,
      from: null,
      to: null,
      isLead: null,
      brokered: true,
    };
  }
  const {
    childId: _child,
    practitionerId: _whose,
    endedAt: _ended,
    brokerPhone: _broker,
    ...involvement
  } = row;
  return involvement;
}

/** The open involvement that leads; of several the latest begun. */
export function leadOf(rows: readonly InvolvementRow[], today: string): InvolvementRow | undefined {
  return rows.find((row) => row.isLead && !row.brokered && isOpen(row, today));
}

/** As `is_open` in the store. */
function isOpen({ from, to, endedAt }: InvolvementRow, today: string): boolean {
  return endedAt === null && from <= today && (to === null || to >= today);
}
