import { createAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import type { VerificationReport } from '@contactpoint/audit-verifier/report';
import type { SampleDeployment } from '@contactpoint/audit-verifier/testing/sample-deployment';
import { openDatabase } from '@contactpoint/scripts/audit/database-source';
import postgres from 'postgres';
import { storeSample } from './stored-sample.ts';
import { verifyTarget } from './tampered.ts';

/** A deployment's logs in a database, in the hands of its owner. */
export interface TamperedDatabase extends AsyncDisposable {
  readonly readerUrl: string;
  /** As the owner, with nothing left that keeps others from changing the log. */
  readonly sql: postgres.Sql;
  verified(): Promise<VerificationReport>;
  /** What an operator does to the database, verified, and undone again. */
  verifyChanged(change: () => Promise<unknown>): Promise<VerificationReport>;
}

/** Tables that hold evidence. */
const TABLES = ['leaf', 'checkpoint', 'cosignature', 'tile', 'aggregate_leaf'];

export async function openTamperedDatabase(sample: SampleDeployment): Promise<TamperedDatabase> {
  const database = await createAuditDatabase();
  await storeSample(database.ownerUrl, sample);
  const sql = postgres(database.ownerUrl, { max: 1, onnotice: () => undefined });
  await dropGuards(sql);
  const verified = async () => {
    const source = await openDatabase(database.readerUrl);
    try {
      return await verifyTarget(sample, source);
    } finally {
      await source.close();
    }
  };
  return {
    readerUrl: database.readerUrl,
    sql,
    verified,
    async verifyChanged(change) {
      try {
        await change();
        return await verified();
      } finally {
        await sql`truncate leaf, checkpoint, cosignature, tile, aggregate_leaf`;
        for (const table of TABLES) await sql`insert into ${sql(table)} table ${sql(`kept_${table}`)}`;
      }
    },
    async [Symbol.asyncDispose]() {
      await sql.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** What keeps others from changing the log does not keep the owner of the database. */
async function dropGuards(sql: postgres.Sql): Promise<void> {
  await sql`set session_replication_role = replica`;
  await sql`alter table leaf drop constraint leaf_hash_of_leaf, drop constraint leaf_or_pruned`;
  await sql`alter table aggregate_leaf drop constraint leaf_hash_of_leaf`;
  for (const table of TABLES) await sql`create table ${sql(`kept_${table}`)} as table ${sql(table)}`;
}
