import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPolicySet } from '@contactpoint/access/policy-set';
import { type ChangedPolicies, changedPolicies } from '@contactpoint/access/replay/testing/changed-policies';
import type { AccessEvent, SubjectDecision } from '@contactpoint/audit-log/access-event';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';
import { openPostgresLog } from '@contactpoint/audit-log/postgres-log';
import { createAuditDatabase, type TestAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import { contractSupergraphSdl } from '@contactpoint/gateway/testing/contract-supergraph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('../policy.ts', import.meta.url));
const ORIGIN = 'contactpoint.test/gateway-1/20261122T101500Z-4f2a';

let data: string;
let database: TestAuditDatabase;
let withoutHealth: ChangedPolicies;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'contactpoint-policy-'));
  database = await createAuditDatabase();
  withoutHealth = changedPolicies({ 'social-worker-s47-minimal': undefined });
  writeFileSync(join(data, 'supergraph.graphql'), contractSupergraphSdl());
  writeFileSync(
    join(data, 'run.json'),
    JSON.stringify({
      pid: 1,
      deployment: 'contactpoint.test',
      urls: { gateway: '', identityProvider: '', signer: '' },
      databases: {},
      audit: { ...database },
    }),
  );
});
afterAll(async () => {
  withoutHealth.remove();
  await database[Symbol.asyncDispose]();
  rmSync(data, { recursive: true });
});

interface Outcome {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const env = { PATH: process.env['PATH'], CONTACTPOINT_DATA: data, ...environment };
  return await new Promise((ended) => {
    execFile(process.execPath, [COMMAND, ...args], { env }, (error, stdout, stderr) =>
      ended({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

let nonces = 0;

function event(subjects: readonly SubjectDecision[], more: Partial<AccessEvent> = {}): AccessEvent {
  nonces += 1;
  return {
    version: 1,
    kind: 'access',
    nonce: nonces.toString(16).padStart(32, '0'),
    at: '2026-11-22T10:15:00.000Z',
    instance: 'gateway-1',
    practitioner: 'p-social-worker',
    role: 'social-worker',
    organisation: 'LA-975',
    purpose: 'S47',
    override: false,
    policySet: loadPolicySet().hash,
    outcome: 'RELEASED',
    jtis: [],
    subjects,
    ...more,
  };
}

/** What an allocated social worker gets of two of health's fields. */
const health: SubjectDecision = {
  child: '8Z4K2M0QWX7R5T1B',
  released: ['Child.missedAppointments'],
  withheld: ['Child.conditions'],
  policies: ['social-worker-s47', 'social-worker-s47-minimal'],
};

describe('npm run policy -- check', () => {
  test('prints hash and number of the built-in policies', async () => {
    const { hash, ids } = loadPolicySet();
    expect(await run(['check'])).toEqual({
      code: 0,
      stdout: `${hash}\n${ids.length} policies, all valid\n`,
      stderr: '',
    });
    expect((await run(['hash'])).stdout).toBe(`${hash}\n`);
    expect((await run(['hash', withoutHealth.folder.pathname])).stdout).not.toBe(`${hash}\n`);
  });

  test('names file and policy that do not hold', async () => {
    const { folder, remove } = changedPolicies({
      odd: '@id("odd") permit (principal, action, resource) when { context.age > 3 };',
    });
    try {
      const { code, stdout, stderr } = await run(['check', folder.pathname]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^added\.cedar: policy odd: .*age/);
    } finally {
      remove();
    }
  });
});

describe('npm run policy -- diff', () => {
  beforeAll(async () => {
    const log = await openPostgresLog({ url: database.writerUrl, origin: ORIGIN, allowUnsafeServer: true });
    const leaves = [
      event([health]),
      event([
        { ...health, child: '0000000000000001' },
        { ...health, child: '0000000000000002' },
      ]),
      // By an older set, and of a field that is gone.
      event([{ ...health, released: [...health.released, 'Child.gone'] }], { policySet: 'a'.repeat(64) }),
      event([], { kind: 'import' }),
      // The limit withheld all of it, whatever the policies said.
      event([{ ...health, released: [], withheld: [...health.released, ...health.withheld] }], {
        outcome: 'REFUSED',
        refusal: { code: 'RECORD_LIMIT_EXCEEDED' },
      }),
    ].flatMap(encodeAccessEvent);
    for (const leaf of leaves) await log.append(leaf);
    await log.close();
  });

  test('finds no change between a set and itself', async () => {
    const { code, stdout, stderr } = await run(['diff', 'current', 'current']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('4 decisions in 5 events: none would change.');
  });

  test('lists what would change with its receipts, and what it could not go by', async () => {
    const every = join(data, 'every.jsonl');
    const { code, stdout } = await run(['diff', 'current', withoutHealth.folder.pathname, '--every', every]);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'social-worker, S47: HEALTH SPECIAL Child.missedAppointments closes\n' +
        '  4 would change\n' +
        '  decided by social-worker-s47, social-worker-s47-minimal, then by social-worker-s47\n' +
        `  ${ORIGIN} 0\n  ${ORIGIN} 1\n  ${ORIGIN} 2\n`,
    );
    expect(stdout).toContain(`  1 decision by policy set ${'a'.repeat(64)}, which is not OLD\n`);
    expect(stdout).toContain('  Child.gone is not in the supergraph and was not compared, 1 decision\n');
    expect(stdout).toContain(
      '  1 child in requests refused as a whole, for a limit or a failure: not compared\n',
    );
    const lines = readFileSync(every, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).receipt)).toEqual([
      `${ORIGIN} 0`,
      `${ORIGIN} 1`,
      `${ORIGIN} 1`,
      `${ORIGIN} 2`,
    ]);
    // Whose record it was stays in the log.
    expect(lines.join()).not.toContain(health.child);
  });

  test('tells programs the same, and reads from a moment on', async () => {
    const changed = withoutHealth.folder.pathname;
    const { code, stdout } = await run(['diff', 'current', changed, '--json', '--since', '2026-01-01']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      old: loadPolicySet().hash,
      new: loadPolicySet(withoutHealth.folder).hash,
      decisions: 4,
      changed: 4,
      groups: [{ role: 'social-worker', sector: 'HEALTH', effect: 'CLOSES', would: 4, could: 0 }],
      reservations: {
        otherPolicySets: { ['a'.repeat(64)]: 1 },
        unexplained: 0,
        incomplete: 0,
        unreadable: 0,
      },
    });
    const later = await run(['diff', 'current', changed, '--since', '2999-01-01T00:00:00Z']);
    expect(later).toMatchObject({ code: 0, stdout: expect.stringContaining('0 decisions in 0 events') });
  });

  test.each<[string, string[], NodeJS.ProcessEnv, number, string]>([
    ['no sets', ['diff'], {}, 64, "missing required argument 'old'"],
    ['one set', ['diff', 'current'], {}, 64, "missing required argument 'new'"],
    ['a time that is none', ['diff', 'current', 'current', '--since', 'monday'], {}, 64, '2026-11-22T08'],
    ['a list that cannot be', ['diff', 'current', 'current', '--every', '/nowhere/x'], {}, 64, '/nowhere/x'],
    ['an unknown command', ['repeal'], {}, 64, "unknown command 'repeal'"],
    ['a set that is not there', ['diff', 'current', '/nowhere'], {}, 78, '/nowhere'],
    ['no system', ['diff', 'current', 'current', '--data', '/nowhere'], {}, 78, 'supergraph.graphql'],
    [
      'a log out of reach',
      ['diff', 'current', 'current'],
      { AUDIT_READER_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
      69,
      'The audit log cannot be read',
    ],
  ])('%s: a sentence and an exit code', async (_case, args, environment, code, sentence) => {
    const outcome = await run(args, environment);
    expect(outcome).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(sentence) });
    expect(outcome.stderr).not.toMatch(/^\s+at /m);
  });
});
