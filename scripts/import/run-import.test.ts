import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeAccessEvent } from '@contactpoint/audit-log/decode-access-event';
import { createAuditDatabase, type TestAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import { type FakeSigner, fakeSigner } from '@contactpoint/audit-log/testing/fake-signer';
import { directorySubgraph } from '@contactpoint/directory/definition';
import { socialCareSubgraph } from '@contactpoint/social-care/definition';
import { connect, KIT_MIGRATIONS, migrate, type Store } from '@contactpoint/subgraph-kit/store';
import { createTestDatabase, type TestDatabase } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runImport } from './run-import.ts';
import type { ImportSettings } from './settings.ts';

const CENSUS = `<Message>
<Header><CollectionDetails><Collection>CIN</Collection></CollectionDetails><Source><LEA>975</LEA></Source></Header>
<Children><Child>
<ChildIdentifiers><LAchildID>A1</LAchildID><UPN>A801200005001</UPN><PersonBirthDate>2010-06-15</PersonBirthDate><GenderCurrent>1</GenderCurrent></ChildIdentifiers>
<ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics>
<CINdetails><CINreferralDate>2022-10-06</CINreferralDate><ReferralSource>1A</ReferralSource><ReferralNFA>false</ReferralNFA></CINdetails>
</Child></Children></Message>`;

let folder: string;
let databases: Record<'directory' | 'social-care', TestDatabase>;
let auditDatabase: TestAuditDatabase;
let signer: FakeSigner;
let directory: Store;
let socialCare: Store;
let audit: Store;
let settings: ImportSettings;
let waited: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'import-'));
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  databases = { directory: one, 'social-care': two };
  auditDatabase = await createAuditDatabase();
  signer = fakeSigner(auditDatabase.signerUrl);
  directory = connect(one.url);
  socialCare = connect(two.url);
  audit = connect(auditDatabase.ownerUrl);
  for (const [store, definition] of [
    [directory, directorySubgraph],
    [socialCare, socialCareSubgraph],
  ] as const) {
    await migrate(store, KIT_MIGRATIONS);
    await migrate(store, definition.migrations);
  }
  settings = {
    auditUrl: auditDatabase.writerUrl,
    deployment: 'contactpoint.test',
    keys: () => signer.keysOf('contactpoint.test'),
    databaseOf: (subgraph) => databases[subgraph as 'directory' | 'social-care'].url,
  };
});
afterAll(async () => {
  for (const store of [directory, socialCare, audit]) await store.end();
  for (const database of Object.values(databases)) await database.drop();
  await signer[Symbol.asyncDispose]();
  await auditDatabase[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function importing(text: string, changed: Partial<ImportSettings> = {}) {
  await signAll();
  return await importingUnsigned(text, changed);
}

function importingUnsigned(text: string, changed: Partial<ImportSettings> = {}, coveredWithin = 60_000) {
  const file = join(folder, 'census.xml');
  writeFileSync(file, text);
  const request = {
    source: 'cin',
    files: [file],
    dryRun: false,
    onWaiting: (why: string) => void waited.push(why),
    coveredWithin,
    allowUnsafeServer: true,
  } as const;
  return runImport({ ...request, onProgress: () => undefined }, { ...settings, ...changed });
}

/** Checkpoints over every import so far. */
async function signAll(): Promise<void> {
  const logs = await audit<{ origin: string }[]>`select distinct origin from leaf`;
  for (const { origin } of logs) await signer.sign(origin);
}

/** What the log keeps of the last import, oldest first. */
async function lastEvents() {
  const leaves = await audit<{ leaf: Uint8Array }[]>`
    select leaf from leaf where origin = (select origin from leaf order by at desc limit 1)
    order by index`;
  return leaves.map(({ leaf }) => decodeAccessEvent(leaf));
}

describe('runImport', () => {
  test('stores children and record, and records intent and outcome with the children touched', async () => {
    const report = await importing(CENSUS);
    expect(report).toMatchObject({ rows: 2, accepted: 2, dropped: [{ reason: 'INVALID_UPN' }] });
    const [child] = await socialCare<{ id: string }[]>`select child_id as id from referral`;
    expect(child?.id).toMatch(/^[0-9A-Z]{16}$/);
    const [boot, intent, outcome] = await lastEvents();
    expect(boot).toMatchObject({ kind: 'boot', instance: 'import' });
    expect(intent).toMatchObject({ kind: 'intent', import: { source: 'cin', rows: 0 } });
    expect(outcome).toMatchObject({
      kind: 'import',
      intentIndex: 1n,
      outcome: 'RELEASED',
      organisation: 'LA-975',
      import: { rows: 2, accepted: 2 },
      subjects: [{ child: child?.id }],
    });

    expect(await importing(CENSUS)).toMatchObject({ rows: 2, unchanged: 2 });
  });

  test('without an audit log nothing is stored', async () => {
    const other = CENSUS.replace('A1', 'A2');
    const auditUrl = 'postgres://nobody@127.0.0.1:1/nothing';
    await expect(importing(other, { auditUrl })).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(await socialCare`select 1 from care_child`).toHaveLength(1);
  });

  test('a malformed file is refused by name and line, and the refusal recorded', async () => {
    await expect(importing(CENSUS.replace('</Child>', ''))).rejects.toMatchObject({
      code: 'MALFORMED_FILE',
      isIncomplete: false,
      message: expect.stringMatching(/^census\.xml, line 7/),
    });
    expect(await lastEvents()).toMatchObject([
      { kind: 'boot', previous: { size: '3' } },
      { kind: 'intent' },
      { outcome: 'REFUSED', refusal: { code: 'MALFORMED_FILE' } },
    ]);
  });

  test('the next one waits until checkpoints cover the last, and is given up where nobody signs', async () => {
    waited = [];
    const other = CENSUS.replace('A1', 'A4');
    await expect(importingUnsigned(other, {}, 500)).rejects.toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
      message: expect.stringMatching(/The former log .* holds 3 leaves, and checkpoints cover 0/),
    });
    expect(waited).toHaveLength(1);
    expect(await socialCare`select 1 from care_child`).toHaveLength(1);

    const importing = importingUnsigned(other);
    await expect.poll(() => waited.length).toBe(2);
    await signAll();
    expect(await importing).toMatchObject({ rows: 2 });
  });

  test('a database that does not answer is named as such', async () => {
    const databaseOf = () => 'postgres://nobody@127.0.0.1:1/nothing';
    await expect(importing(CENSUS, { databaseOf })).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });

  test('social care failing after the directory is told as incomplete, and completed by the same import', async () => {
    const other = CENSUS.replace('A1', 'A3');
    await socialCare`alter table referral rename to referral_away`;
    await expect(importing(other)).rejects.toMatchObject({ code: 'FAILED', isIncomplete: true });
    await socialCare`alter table referral_away rename to referral`;
    expect(await importing(other)).toMatchObject({ rows: 2, accepted: 2 });
  });

  test('PostgreSQL knows of the rows as soon as they are there', async () => {
    await importing(CENSUS.replace('A1', 'A7').replaceAll('2010-06-15', '2011-06-15'));
    const [child] = await directory`select reltuples::int as rows from pg_class where relname = 'child'`;
    const [{ count } = { count: 0 }] = await directory<{ count: number }[]>`select count(*)::int from child`;
    expect(child?.['rows']).toBe(count);
  });

  test('is done, and on record as done, though PostgreSQL cannot count the rows now', async () => {
    const vacuum = await socialCare.reserve();
    await vacuum`begin`;
    await vacuum`lock table referral in share update exclusive mode`;
    const other = CENSUS.replace('A1', 'A8').replaceAll('2010-06-15', '2012-06-15');
    expect(await importing(other)).toMatchObject({ rows: 2, accepted: 2 });
    await vacuum`rollback`;
    vacuum.release();
    expect((await lastEvents()).at(-1)).toMatchObject({ kind: 'import', outcome: 'RELEASED' });
  });
});
