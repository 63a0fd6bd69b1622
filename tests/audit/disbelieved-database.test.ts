import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receiptOf } from '../access/access-log.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
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
