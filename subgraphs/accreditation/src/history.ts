import type { GrantClaims } from '@contactpoint/access/grant';
import type { Store } from '@contactpoint/subgraph-kit/store';

/** What an officer did, as the history names it. */
export type Act = 'GRANT' | 'RESTORE' | 'SUSPEND' | 'RECORD_TRAINING' | 'RECORD_VETTING' | 'SET_STAGE';

export interface HistoryEntry {
  readonly act: Act;
  readonly at: Date;
  readonly grant: Pick<GrantClaims, 'sub' | 'jti'>;
  readonly practitionerId?: string;
  readonly organisationId?: string;
  readonly reason?: string;
  /** What was set. */
  readonly detail?: Readonly<Record<string, string>>;
}

/** Keeps what was done, in the transaction in which it is done: neither stands without the other. */
export async function keepHistory(transaction: Store, entry: HistoryEntry): Promise<void> {
  const { act, at, grant, practitionerId, organisationId, reason, detail = {} } = entry;
  await transaction`
    insert into accreditation_history (at, actor, jti, act, practitioner_id, organisation_id, reason, detail)
    values (
      ${at}, ${grant.sub}, ${grant.jti}, ${act}, ${practitionerId ?? null}, ${organisationId ?? null},
      ${reason ?? null}, ${JSON.stringify(detail)}::text::jsonb
    )`;
}
