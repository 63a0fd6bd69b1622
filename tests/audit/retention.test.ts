import { join } from 'node:path';
import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import { openBootLog } from '@contactpoint/audit-log/boot';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';
import { nameLeaves } from '@contactpoint/audit-log/leaf-ranges';
import { openKnownKeys } from '@contactpoint/scripts/audit/known-keys';
import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askForEvents, readLeaves, receiptOf } from '../access/access-log.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { runAudit } from './audit-command.ts';
import { asAuditOwner } from './audit-owner.ts';
import { auditorOf, readersIn } from './auditor.ts';
import { FORMER_LOG, writeFormerLog } from './former-log.ts';

/** 18 in 2008, so that six years were over in 2016, after the accesses of 2010; and one who is a child today. */
const GROWN_UP = 'G0000000000000A1';
const HELD = 'G0000000000000B1';
const CHILD = 'C0000000000000A1';
const NOBODY = 'ZZZZZZZZZZZZZZZZ';

const COVERED = { timeout: 20_000, interval: 250 };

let system: TestSystem;
let audit: Store;
let auditor: ReturnType<typeof auditorOf>;
/** Index in the former log of the access to each. */
let at: { grownUp: number; held: number; child: number; nobody: number; noChild: number };

const about = (child: string, reader: string) => ({
  ...{ practitioner: reader, role: 'social-worker', organisation: 'LA-975', purpose: 'S47' },
  subjects: [{ child, released: ['Child.familyName'], withheld: [], policies: [] }],
});
const PROOF = `query ($origin: String!, $index: String!) {
  inclusionProof(origin: $origin, index: $index) { leafHash path checkpoint { size rootHash } } }`;
const prove = async (index: number) => {
  const variables = { origin: FORMER_LOG, index: String(index) };
  return (await system.ask('auditor', { query: PROOF, variables })).body.data.inclusionProof;
};
const pruned = async () => {
  const rows = await audit<{ index: number }[]>`
    select index::int as index from leaf where origin = ${FORMER_LOG} and leaf is null order by index`;
  return rows.map(({ index }) => index);
};

beforeAll(async () => {
  system = await startTestSystem();
  auditor = auditorOf(system);
  audit = connect(system.clusters.audit.readerUrl, { max: 1 });
  const directory = connect(system.databases.directory, { max: 1 });
  await directory`
    insert into child (id, date_of_birth, sex) values
      (${GROWN_UP}, '1990-05-06', 'FEMALE'), (${HELD}, '1990-05-06', 'MALE'), (${CHILD}, '2020-01-02', 'FEMALE')`;
  await directory.end();
  const [grownUp, held, child, nobody, noChild] = await writeFormerLog(system, [
    about(GROWN_UP, 'p-former'),
    about(HELD, 'p-former'),
    about(CHILD, 'p-former'),
    about(NOBODY, 'p-former'),
    { practitioner: 'p-former' },
  ]);
  at = { grownUp, held, child, nobody, noChild } as typeof at;
});
afterAll(async () => {
  await audit?.end();
  await system?.remove();
});

describe('npm run audit -- prune', () => {
  test('says what would go, and changes nothing, in a dry run', async () => {
    await expect.poll(() => prove(at.noChild), COVERED).not.toBeNull();
    expect(await runAudit(system.data, ['prune', '--dry-run'])).toEqual({
      ...{ code: 0, stderr: '' },
      stdout: `${FORMER_LOG}  3\n3 leaves of 1 logs would go\n`,
    });
    expect(await pruned()).toEqual([]);
    const longer = await runAudit(system.data, ['prune', '--dry-run', '--term-years', '100']);
    expect(longer.stdout).toBe('0 leaves of 0 logs would go\n');
  });

  test.each([
    ['DIRECTORY_DATABASE_URL', 'directory'],
    ['OVERSIGHT_DATABASE_URL', 'oversight'],
    ['AUDIT_WRITER_DATABASE_URL', 'audit'],
  ] as const)('forgets nothing while %s cannot be read', async (name, which) => {
    const url = new URL(which === 'audit' ? system.clusters.audit.writerUrl : system.databases[which]);
    url.port = '1';
    const { code, stdout, stderr } = await runAudit(system.data, ['prune'], { [name]: url.href });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('the same command goes on');
    expect(stderr).not.toContain(url.password);
    expect(await pruned()).toEqual([]);
  });

  test('forgets what is past its term, but for what a lawful hold covers', async () => {
    const { id } = (await auditor.placeHold(HELD, { practitionerId: 'p-former' })).body.data.placeLawfulHold;
    const proofs = await Promise.all(Object.values(at).map(prove));
    expect(await runAudit(system.data, ['prune'])).toEqual({
      ...{ code: 0, stderr: '' },
      stdout: `${FORMER_LOG}  2\n2 leaves of 1 logs are forgotten\n`,
    });
    expect(await pruned()).toEqual([at.grownUp, at.noChild]);
    expect(await Promise.all(Object.values(at).map(prove))).toEqual(proofs);
    expect(readersIn(await auditor.statement(GROWN_UP))).toEqual([]);
    expect(readersIn(await auditor.statement(CHILD))).toEqual(['p-former']);
    const { events } = await askForEvents(system, { practitionerId: 'p-former' });
    expect(events.map(({ index }) => Number(index)).sort()).toEqual([at.held, at.child, at.nobody]);

    await auditor.endHold(HELD, id);
    expect((await runAudit(system.data, ['prune'])).stdout).toContain('1 leaves of 1 logs are forgotten');
    expect(await pruned()).toEqual([at.grownUp, at.held, at.noChild]);
  });

  test('is on record in a log of its own, which nothing prunes', async () => {
    const leaves = await readLeaves(system);
    const own = leaves
      .filter(({ origin }) => origin.startsWith('contactpoint.local/retention/'))
      // Two boots within a second are told apart by chance, not by order.
      .toSorted((one, other) => one.event.at.localeCompare(other.event.at));
    expect(own.map(({ event }) => [event.kind, event.pruned?.origin, event.pruned?.indexes])).toEqual([
      ['boot', undefined, undefined],
      ['prune', FORMER_LOG, `${at.grownUp},${at.noChild}`],
      ['boot', undefined, undefined],
      ['prune', FORMER_LOG, `${at.held}`],
    ]);
    const { body } = await system.ask('auditor', {
      query: '{ prunings { prunings { origin index prunedOrigin indexes count before } hasNextPage } }',
    });
    expect(body.data.prunings.prunings).toMatchObject([
      { prunedOrigin: FORMER_LOG, count: 1, indexes: `${at.held}` },
      { prunedOrigin: FORMER_LOG, count: 2, indexes: `${at.grownUp},${at.noChild}` },
    ]);
    expect((await runAudit(system.data, ['prune'])).stdout).toBe('0 leaves of 0 logs are forgotten\n');
  });

  test('leaves a log that verifies as before', { timeout: 90_000 }, async () => {
    const verify = async () => {
      const { code, stdout, stderr } = await runAudit(system.data, ['verify']);
      const [named] = nameLeaves((await pruned()).map(BigInt), 100);
      const told = stdout.includes(`${FORMER_LOG}: 3 events are pruned: ${named?.indexes}\n`);
      return code === 0 && told ? 'sound, and says which are gone' : `${stdout}${stderr}`;
    };
    await expect.poll(verify, { timeout: 60_000, interval: 1_000 }).toBe('sound, and says which are gone');
  });

  test('leaves what rows made again show as well, and raises no alert', async () => {
    const { events: before } = await askForEvents(system, { practitionerId: 'p-former' });
    expect((await runAudit(system.data, ['rebuild'])).code).toBe(0);
    expect((await askForEvents(system, { practitionerId: 'p-former' })).events).toEqual(before);
    const { body } = await system.ask('auditor', { query: '{ alerts { alerts { rule } } }' });
    expect(JSON.stringify(body.data.alerts)).not.toMatch(/LEAF_|LOG_GAP/);
  });

  test('is told from what else goes, in the database and in an export', { timeout: 90_000 }, async () => {
    // As one can who has the role's password: the leaf is old enough, and no run found it to be due.
    const retention = connect(system.clusters.audit.retentionUrl, { max: 1 });
    const [row] =
      await retention`select prune_leaves(${FORMER_LOG}, ${`{${at.child}}`}::bigint[])::int as gone`;
    await retention.end();
    expect(row).toEqual({ gone: 1 });
    const folder = join(system.data, 'export');
    const reason = 'Review of what the retention command forgot';
    await runAudit(system.data, ['export', folder, '--practitioner', 'p-auditor', '--reason', reason]);
    for (const where of [[], [folder]]) {
      const { code, stdout } = await runAudit(system.data, ['verify', ...where]);
      expect(code).toBe(1);
      expect(stdout).toContain(`PRUNED ${FORMER_LOG} ${at.child}\n`);
    }
  });

  test('is no way to hide an access of today, not for whoever owns the database and can write a record of pruning', {
    timeout: 90_000,
  }, async () => {
    const answers = [];
    for (let turn = 0; turn < 2; turn++)
      answers.push(receiptOf(await system.ask('auditor', { query: '{ alerts { hasNextPage } }' })));
    const origin = answers[0]?.origin ?? '';
    const log = await openBootLog({
      url: system.clusters.audit.writerUrl,
      ...{ deployment: 'contactpoint.local', instance: 'retention', deadline: 10_000 },
      keys: openKnownKeys(system.data, {}),
    });
    const now = new Date();
    for (const [place, before] of [now.toISOString(), '2019-01-01T00:00:00.000Z'].entries()) {
      const pruned = { origin, indexes: answers[place]?.index ?? '', count: 1, before };
      for (const leaf of encodeAccessEvent({
        ...{
          version: 1,
          kind: 'prune',
          nonce: 'ab'.repeat(16),
          at: now.toISOString(),
          instance: 'retention',
        },
        ...{ override: false, outcome: 'RELEASED', pruned, jtis: [], subjects: [] },
      } as AccessEvent))
        await log.append(leaf);
    }
    await log.close();
    const indexes = answers.map(({ index }) => index);
    await asAuditOwner(
      system,
      (sql) => sql`
        update leaf set leaf = null, pruned_at = now() where origin = ${origin} and index = any(${indexes}::bigint[])`,
    );
    const { code, stdout } = await runAudit(system.data, ['verify']);
    expect(code).toBe(1);
    expect(stdout).toContain(`PRUNED ${origin} ${indexes[0]}\n  2 leaves are gone`);
  });

  test.each([['--term-years', '0'], ['--term-years', 'six'], ['--forget-holds']])(
    'knows no %s %s',
    async (...words) => {
      expect((await runAudit(system.data, ['prune', ...words])).code).toBe(2);
    },
  );
});
