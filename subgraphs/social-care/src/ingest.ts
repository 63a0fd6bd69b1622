import type { Sql } from 'postgres';
import type { SocialCareRecord } from './record.ts';
import type { CareTableName } from './store/tables.ts';
import { upsertRows } from './store/upsert.ts';

const LISTS = [
  'referrals',
  'assessments',
  'section47Enquiries',
  'childProtectionPlans',
  'careEpisodes',
  'missingEpisodes',
  'reviews',
] as const satisfies readonly (CareTableName & keyof SocialCareRecord)[];

/**
 * Stores whole records in one transaction, all of them or none. A second time changes nothing. Rows are corrected by
 * their first day; rows that a record no longer names stay, for a return of one year does not repeat the years before.
 *
 * @param records One for each child.
 */
export async function ingestSocialCare(store: Sql, records: readonly SocialCareRecord[]): Promise<void> {
  await store.begin(async (transaction) => {
    // postgres.js types a transaction as less than a pool, which matters to no statement here.
    const sql = transaction as unknown as Sql;
    await upsertRows(sql, 'careChild', records.map(careChildOf));
    for (const list of LISTS) {
      const rows = records.flatMap((record) =>
        record[list].map((row: object) => ({ childId: record.childId, ...row })),
      );
      await upsertRows(sql, list, rows);
    }
  });
}

function careChildOf({ childId, supportStatus, allocatedWorker, team, ...record }: SocialCareRecord) {
  return {
    childId,
    supportStatus,
    workerName: allocatedWorker?.name ?? null,
    workerRole: allocatedWorker?.role ?? null,
    workerOrganisation: allocatedWorker?.organisation ?? null,
    workerPhone: allocatedWorker?.phone ?? null,
    workerEmail: allocatedWorker?.email ?? null,
    team,
    disabilities: record.disabilities,
    convictions: record.convictions,
    previousPermanence: record.previousPermanence,
  };
}
