import { setTimeout as sleep } from 'node:timers/promises';
import { readAndReconcile } from '@contactpoint/scripts/reconcile/read-and-reconcile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receiptOf } from '../access/access-log.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { runAudit } from './audit-command.ts';
import { asAuditOwner } from './audit-owner.ts';

/** Seconds without coverage that the gateway bears; 60 in the field. */
const PATIENCE = 4;

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ gatewayEnvironment: { CHECKPOINT_PATIENCE: String(PATIENCE) } });
});
afterAll(() => system?.remove());

const view = () =>
  system.ask('social-worker', {
    query: 'query ($id: ID!) { child(id: $id) { id familyName } }',
    ...{ variables: { id: system.scenarios.joined }, purpose: 'S47' },
  });

const opens = () =>
  expect.poll(async () => (await view()).status, { timeout: 30_000, interval: 200 }).toBe(200);

/**
 * Has the one function that appends give every leaf its index, and keep none.
 *
 * @returns Its definition as it was.
 */
async function keepNothing(): Promise<string> {
  let former = '';
  await asAuditOwner(system, async (sql) => {
    const [row] = await sql<{ definition: string }[]>`
      select pg_get_functiondef(oid) as definition from pg_proc where proname = 'append_leaves'`;
    former = row?.definition ?? '';
    const emptied = former.replace(/insert into public\.leaf[^;]*;/i, 'null;');
    expect(emptied).not.toBe(former);
    await sql.unsafe(emptied);
  });
  return former;
}

describe('a gateway does not believe whoever owns the audit database', { timeout: 120_000 }, () => {
  test('that there is a signer, and checkpoints, when it was stopped', async () => {
    await opens();
    const signer = system.services.get('signer');
    signer?.kill('SIGKILL');
    await signer?.ended;
    let planted = 0n;
    const forged = { over: false };
    const forging = asAuditOwner(system, async (sql) => {
      for (; !forged.over; await sleep(200)) {
        await sql`update signer_beat set beat = beat + 1, at = clock_timestamp()`;
        // Over everything there is, under no signature.
        await sql`
          insert into checkpoint (origin, size, root_hash, signed_note)
          select origin, max(index) + 1, sha256('anything'), 'as good as signed' from leaf group by origin
          on conflict do nothing`;
        planted++;
      }
    });
    try {
      await expect
        .poll(async () => (await view()).status, { timeout: 4 * PATIENCE * 1_000, interval: 200 })
        .toBe(503);
      expect(planted).toBeGreaterThan(1n);
    } finally {
      forged.over = true;
      await forging;
    }
    await asAuditOwner(system, (sql) => sql`delete from checkpoint where signed_note = 'as good as signed'`);
    await system.restart('signer');
    await opens();
  });

  test('that it kept what it acknowledged, and whoever hides that is told by the agencies', async () => {
    await opens();
    const append = await keepNothing();
    const unrecorded: string[] = [];
    await expect
      .poll(
        async () => {
          const answer = await view();
          if (answer.status === 200) unrecorded.push(receiptOf(answer).index);
          return answer.status;
        },
        { timeout: 4 * PATIENCE * 1_000, interval: 200 },
      )
      .toBe(503);
    expect(unrecorded.length).toBeGreaterThan(0);
    await asAuditOwner(system, (sql) => sql.unsafe(append));
    // It knows what was acknowledged: no other leaf takes the place of what is gone.
    await sleep(PATIENCE * 1_000);
    expect((await view()).status).toBe(503);

    const gateway = system.services.get('gateway');
    gateway?.kill('SIGKILL');
    await gateway?.ended;
    await system.restart('gateway');
    await opens();
    // The log is sound, as far as it goes.
    expect((await runAudit(system.data, ['verify'])).code).toBe(0);
    const { findings, explainedRequests } = await readAndReconcile(
      { data: system.data },
      {},
      new Date(Date.now() + 300_000),
    );
    const told = [...findings, ...explainedRequests].filter(
      ({ subgraph, practitioner, operation }) =>
        subgraph === 'directory' && practitioner === 'p-social-worker' && operation === 'query',
    );
    expect(told.length).toBeGreaterThanOrEqual(unrecorded.length);
  });

  test('what it was sent, once that is signed', async () => {
    const signer = system.services.get('signer');
    signer?.kill('SIGSTOP');
    const answer = await view();
    expect(answer.status).toBe(200);
    const { origin, index } = receiptOf(answer);
    // In the second before the next checkpoint nobody but the gateway knows what was sent.
    await asAuditOwner(
      system,
      (sql) => sql`
        update leaf set leaf = ${Buffer.from('{}')}, leaf_hash = sha256('\\x00'::bytea || ${Buffer.from('{}')})
        where origin = ${origin} and index = ${index}`,
    );
    signer?.kill('SIGCONT');
    await expect
      .poll(async () => (await view()).status, { timeout: PATIENCE * 1_000, interval: 100 })
      .toBe(503);
    await sleep(PATIENCE * 1_000);
    expect((await view()).status).toBe(503);
  });
});
