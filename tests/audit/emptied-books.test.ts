import { readAndReconcile } from '@contactpoint/scripts/reconcile/read-and-reconcile';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receiptOf } from '../access/access-log.ts';
import { VIEW } from '../access/operations/joined-view.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { asAuditOwner } from './audit-owner.ts';
import { reconciled, runReconcile } from './reconcile-command.ts';

/** Milliseconds for one situation on a busy machine: commands and restarts take their time. */
const PATIENT = 120_000;

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(async () => {
  await system?.remove();
});

const view = (persona: string, purpose: string) =>
  system.ask(persona, { query: VIEW, variables: { id: system.scenarios.joined }, purpose });

/** What the command finds a few minutes from now, when nothing is under way any more. */
const afterwards = () => readAndReconcile({ data: system.data }, {}, new Date(Date.now() + 300_000));

describe('a book from which somebody took something', { timeout: PATIENT }, () => {
  test('is seen where it is the whole journal of an agency, which is named', async () => {
    for (let times = 0; times < 4; times++) await view('general-practitioner', 'DC');
    await view('teacher', 'ED');
    expect((await reconciled(system.data)).found.silent).toEqual([]);
    const sql = postgres(system.databases.health, { max: 1 });
    await sql`delete from access_journal`;
    await sql.end();
    const { code, found } = await reconciled(system.data);
    expect(found.silent).toMatchObject([{ subgraph: 'health', begins: null }]);
    expect(found.silent[0]?.requests).toBeGreaterThan(3);
    expect(code).toBe(1);
    // Entries that come later hide nothing.
    await view('general-practitioner', 'DC');
    const { stdout } = await runReconcile(system.data);
    expect(stdout).toMatch(
      /SILENT_JOURNAL: \d+ released requests of which health journaled none, .* begins at/,
    );
  });

  test('is seen where it is the end of the log, before anything was signed over it', async () => {
    system.services.get('signer')?.kill('SIGKILL');
    await system.services.get('signer')?.ended;
    const { origin, index } = receiptOf(await view('social-worker', 'S47'));
    const oversight = postgres(system.databases.oversight, { max: 1 });
    const projected = async () =>
      (await oversight`select 1 from access_event where origin = ${origin} and index = ${index}`).length;
    await expect.poll(projected, { timeout: 20_000 }).toBe(1);
    system.services.get('gateway')?.kill('SIGKILL');
    await system.services.get('gateway')?.ended;
    await asAuditOwner(system, (sql) => sql`delete from leaf where origin = ${origin} and index >= ${index}`);

    const alerted = async () => {
      const rows = await oversight<{ note: string }[]>`select note from alert where rule = 'LOG_CUT'`;
      return rows.map(({ note }) => note);
    };
    await expect.poll(alerted, { timeout: 20_000 }).toEqual([`${origin} ${index}`]);
    await oversight.end();
    const { counts, findings, explainedRequests } = await afterwards();
    expect(counts.REMOVED_EVENT).toBeGreaterThan(0);
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: 'REMOVED_EVENT', iss: origin, index, subgraph: 'health' }),
    );
    // The gateway asks for itself as well, and may have been killed over that.
    const callers = explainedRequests.filter(({ practitioner }) => practitioner === 'p-social-worker');
    expect(callers.filter(({ why }) => why === 'BOOT_ENDED')).toEqual([]);
  });
});
