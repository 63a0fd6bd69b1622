import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vkeysOf } from '@contactpoint/scripts/system/checkpoint-key';
import { DEPLOYMENT } from '@contactpoint/scripts/system/deployment';
import { type Service, startService } from '@contactpoint/scripts/system/service';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receiptOf } from '../access/access-log.ts';
import { codeOf } from '../access/reasons.ts';
import { type SecondGateway, startSecondGateway } from '../access/second-gateway.ts';
import { freePort } from '../free-port.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { asAuditOwner } from './audit-owner.ts';

/** Seconds without checkpoints after which the gateway refuses. */
const PATIENCE = '3';

/** Milliseconds for a situation with restarts, and for what it waits for: the signer looks again every ten seconds. */
const LONG = 180_000;
const SOON = { timeout: 60_000, interval: 200 };

const AGGREGATE = `${DEPLOYMENT}/aggregate`;

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem({ gatewayEnvironment: { CHECKPOINT_PATIENCE: PATIENCE } });
});
afterAll(async () => {
  await system?.remove();
});

const question = () => ({
  query: 'query Name($id: ID!) { child(id: $id) { id familyName } }',
  variables: { id: system.scenarios.joined },
  purpose: 'S47',
});

async function missing(): Promise<readonly string[]> {
  const { body } = await request(`${system.urls.gateway}/ready`);
  return ((await body.json()) as { readonly missing: readonly string[] }).missing;
}

async function signerFigures(): Promise<string> {
  return await (await request(`${system.urls.signer}/metrics`)).body.text();
}

/** The database as a restore of an older copy leaves it, as far as the log of logs goes; the signer is down meanwhile. */
async function goBack(): Promise<void> {
  expect((await system.ask('social-worker', question())).status).toBe(200);
  await system.services.get('signer')?.stop();
  await asAuditOwner(system, async (sql) => {
    await sql`drop table if exists kept_aggregate_leaf`;
    await sql`create table kept_aggregate_leaf as table aggregate_leaf`;
    const [last] = await sql<{ index: string }[]>`
      delete from aggregate_leaf where index = (select max(index) from aggregate_leaf) returning index`;
    await sql`delete from checkpoint where origin = ${AGGREGATE} and size > ${last?.index ?? ''}`;
  });
  await system.restart('signer');
}

async function expectRefused(): Promise<void> {
  await expect.poll(missing, SOON).toEqual(['checkpoints']);
  const answer = await system.ask('social-worker', question());
  expect([answer.status, codeOf(answer), answer.body.data]).toEqual([503, 'AUDIT_UNAVAILABLE', undefined]);
  expect(await signerFigures()).toContain('contactpoint_signer_refused_logs{reason="ROLLED_BACK"} 1');
  const said = readFileSync(join(system.data, 'logs', 'signer.log'), 'utf8');
  expect(said).toMatch(new RegExp(`"origin":"${AGGREGATE}","reason":"ROLLED_BACK".*log refused`));
}

describe('while the log of logs is an older one', { timeout: LONG }, () => {
  test('nothing is released, and everything goes on once the better copy is back', async () => {
    await goBack();
    await expectRefused();
    await asAuditOwner(
      system,
      (sql) => sql`insert into aggregate_leaf select * from kept_aggregate_leaf on conflict do nothing`,
    );
    await expect.poll(missing, SOON).toEqual([]);
    expect((await system.ask('social-worker', question())).status).toBe(200);
    await expect
      .poll(signerFigures, SOON)
      .toContain('contactpoint_signer_refused_logs{reason="ROLLED_BACK"} 0');
  });

  test('of which no better copy exists, a new deployment goes on under another name', async () => {
    await goBack();
    await expectRefused();
    await system.services.get('gateway')?.stop();
    await system.services.get('signer')?.stop();

    const name = 'second.example';
    const keys = join(system.data, 'second-keys.txt');
    writeFileSync(
      keys,
      vkeysOf(system.secrets, name)
        .map((vkey) => `${vkey}\n`)
        .join(''),
    );
    const signer = await startSigner(name, keys);
    let gateway: SecondGateway | undefined;
    try {
      gateway = await startSecondGateway(system, {
        ...{ DEPLOYMENT: name, AUDIT_KEYS_FILE: keys, CHECKPOINT_PATIENCE: PATIENCE },
      });
      const answer = await gateway.ask('social-worker', question());
      expect([answer.status, answer.body.data?.child?.id]).toEqual([200, system.scenarios.joined]);
      expect(receiptOf(answer).origin).toMatch(/^second\.example\/gateway-2\//);
    } finally {
      await gateway?.stop();
      await signer.stop();
    }
  });
});

async function startSigner(deployment: string, keys: string): Promise<Service> {
  const port = String(await freePort());
  const service = startService({
    name: 'second-signer',
    module: new URL('../../gateway/signer/src/main.ts', import.meta.url),
    environment: {
      PORT: port,
      AUDIT_SIGNER_URL: system.clusters.audit.signerUrl,
      DEPLOYMENT: deployment,
      CHECKPOINT_KEY_FILE: system.secrets.checkpointKey,
      AUDIT_KEYS_FILE: keys,
      SIGNER_STATE: join(system.data, 'second-signer'),
    },
    logFile: join(system.data, 'logs', 'second-signer.log'),
    health: `http://127.0.0.1:${port}/health`,
  });
  await service.ready();
  return service;
}
