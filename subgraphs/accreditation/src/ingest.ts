import type { Store } from '@contactpoint/subgraph-kit/store';
import type { OrganisationRecord, PractitionerRecord } from './record.ts';

/** Accounts as a feed brings them; organisations first, since practitioners name them. */
export interface AccreditationFeed {
  readonly organisations: readonly OrganisationRecord[];
  readonly practitioners: readonly PractitionerRecord[];
}

/** Rows a statement: the JSON of one batch stays at a few megabytes. */
const BATCH = 5_000;

/**
 * Takes over a whole feed in one transaction; running it again changes nothing.
 *
 * A feed may be older than what officers did here since. Dates therefore only move forward, and an existing account's
 * suspension, like an organisation's stage, is never touched: it would be a way to restore access without a reason.
 */
export async function ingestAccreditation(store: Store, feed: AccreditationFeed): Promise<void> {
  await store.begin(async (transaction) => {
    for (const organisations of batchesOf(feed.organisations)) {
      await transaction`
        insert into organisation as held (id, name, sector, stage, user_quota, authorities)
        select id, name, sector, stage, "userQuota", coalesce(authorities, '{}')
        from jsonb_to_recordset(${JSON.stringify(organisations)}::text::jsonb) as feed (
          id text, name text, sector text, stage text, "userQuota" integer, authorities text[]
        )
        on conflict (id) do update set
          name = excluded.name, sector = excluded.sector, user_quota = excluded.user_quota,
          authorities = case when excluded.authorities = '{}' then held.authorities else excluded.authorities end`;
    }
    for (const practitioners of batchesOf(feed.practitioners)) {
      await transaction`
        insert into practitioner as held (
          id, name, role, organisation_id, vetting_certificate, vetting_issued_on, training_passed_on,
          agreement_signed_on, granted_at, restored_at, last_used_at, suspended_at
        )
        select
          id, name, role, "organisationId", "vettingCertificate", "vettingIssuedOn", "trainingPassedOn",
          "agreementSignedOn", "grantedAt", "restoredAt", "lastUsedAt", "suspendedAt"
        from jsonb_to_recordset(${JSON.stringify(practitioners)}::text::jsonb) as feed (
          id text, name text, role text, "organisationId" text, "vettingCertificate" text, "vettingIssuedOn" date,
          "trainingPassedOn" date, "agreementSignedOn" date, "grantedAt" timestamptz, "restoredAt" timestamptz,
          "lastUsedAt" timestamptz, "suspendedAt" timestamptz
        )
        on conflict (id) do update set
          name = excluded.name,
          role = excluded.role,
          organisation_id = excluded.organisation_id,
          vetting_certificate = case
            when held.vetting_issued_on > excluded.vetting_issued_on then held.vetting_certificate
            else coalesce(excluded.vetting_certificate, held.vetting_certificate)
          end,
          vetting_issued_on = greatest(held.vetting_issued_on, excluded.vetting_issued_on),
          training_passed_on = greatest(held.training_passed_on, excluded.training_passed_on),
          agreement_signed_on = greatest(held.agreement_signed_on, excluded.agreement_signed_on),
          granted_at = greatest(held.granted_at, excluded.granted_at),
          restored_at = greatest(held.restored_at, excluded.restored_at),
          last_used_at = greatest(held.last_used_at, excluded.last_used_at)`;
    }
  });
}

function batchesOf<Row>(rows: readonly Row[]): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / BATCH) }, (_, index) =>
    rows.slice(index * BATCH, (index + 1) * BATCH),
  );
}
