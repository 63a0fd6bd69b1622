import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ed25519Signer } from '@contactpoint/audit-log/signed-note';
import { brokenRules } from '@contactpoint/scripts/audit/fhir/balp-rules';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAskedLeaves, readLeaves, receiptOf } from '../access/access-log.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { type AuditOutcome, runAudit } from './audit-command.ts';

let system: TestSystem;
let folder: string;
/** Of a child's name that was released. */
let receipt: string;

const READER = ['--practitioner', 'p-auditor', '--reason', 'Asked for by the reviewer'];
const NAME = 'query Name($id: ID!) { child(id: $id) { id familyName } }';

const audit = (...words: string[]): Promise<AuditOutcome> => runAudit(system.data, words);
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-exports-'));
  system = await startTestSystem();
  const { joined, unrelated } = system.scenarios;
  const name = (id: string, purpose?: string) =>
    system.ask('social-worker', {
      query: NAME,
      variables: { id },
      ...(purpose === undefined ? {} : { purpose }),
    });
  const answer = await name(joined, 'S47');
  expect(answer.body.data.child.familyName).toBeTypeOf('string');
  const { origin, index } = receiptOf(answer);
  receipt = `${origin} ${index}`;
  await name(unrelated, 'S47');
  await name(joined);
  await system.ask('lapsed-training', { query: NAME, variables: { id: joined }, purpose: 'S47' });
  await system.ask('social-worker', {
    query: 'mutation R($input: RecordInvolvementInput!) { recordInvolvement(input: $input) { id } }',
    variables: { input: { childId: unrelated, service: 'Early help', from: '2025-01-06' } },
    purpose: 'S47',
  });
  await covered();
});

afterAll(async () => {
  await system?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Checkpoints come a second after what they cover. */
async function covered(): Promise<void> {
  for (let attempt = 0; (await audit('prove', ...receipt.split(' '))).code !== 0; attempt++) {
    if (attempt === 30) throw new Error(`no checkpoint covers ${receipt}`);
  }
}

const lines = (name: string) => readFileSync(file(name), 'utf8').trimEnd().split('\n');

describe('audit -- verify', () => {
  test('finds the log of the running system sound', async () => {
    const { code, stdout, stderr } = await audit('verify');
    expect(stderr).toBe('');
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('SOUND');
    expect(stdout).toContain(receipt.split(' ')[0]);
  });

  test('finds nothing signed under another key', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const deployment = receipt.split('/')[0] as string;
    writeFileSync(file('other.txt'), ed25519Signer(deployment, privateKey).verifierKey);
    const { code, stdout } = await audit('verify', '--keys', file('other.txt'));
    expect(code).toBe(1);
    expect(stdout).toContain(`SIGNATURE ${receipt.split(' ')[0]}`);
  });
});

describe('audit -- export', () => {
  test('writes what verifies, and is itself on record', async () => {
    const { code, stderr } = await audit('export', file('log'), ...READER);
    expect(code, stderr).toBe(0);
    const [, own = ''] = /on record as (\S+ \d+)/.exec(stderr) ?? [];
    const leaves = await readLeaves(system);
    const leaf = leaves.find(({ origin, index }) => `${origin} ${index}` === own);
    expect(leaf?.event).toMatchObject({
      kind: 'access',
      practitioner: 'p-auditor',
      purpose: 'AUD',
      reason: 'Asked for by the reviewer',
      operation: { name: 'AuditExport' },
    });
    const verified = await audit('verify', file('log'));
    expect(verified.code, verified.stdout).toBe(0);
    // What was put on record for this very export is in it.
    expect(verified.stdout).toContain(own.split(' ')[0]);
    for (const entry of readdirSync(file('log'), { recursive: true, withFileTypes: true })) {
      expect(statSync(join(entry.parentPath, entry.name)).mode & 0o077).toBe(0);
    }
  });

  test.each([
    ['who reads is not said', ['--reason', 'Asked for by the reviewer']],
    ['what for is not said', ['--practitioner', 'p-auditor']],
    ['what for is said too shortly', ['--practitioner', 'p-auditor', '--reason', 'Because']],
    ['for a purpose that there is not', [...READER, '--purpose', 'CURIOSITY']],
    ['nothing is to be written', [...READER]],
  ])('writes nothing where %s', async (what, words) => {
    const target = what === 'nothing is to be written' ? [] : [file('refused')];
    const before = (await readAskedLeaves(system)).length;
    const { code } = await audit('export', ...target, ...words);
    expect(code).toBe(2);
    expect(existsSync(file('refused'))).toBe(false);
    expect(await readAskedLeaves(system)).toHaveLength(before);
  });

  test('leaves alone a folder that is not empty, and a file that is there', async () => {
    writeFileSync(file('there.ndjson'), 'mine');
    expect((await audit('export', folder, ...READER)).code).toBe(2);
    const { code, stderr } = await audit('export', '--fhir', file('there.ndjson'), ...READER);
    expect(code).toBe(2);
    expect(stderr).toContain('EEXIST');
    expect(readFileSync(file('there.ndjson'), 'utf8')).toBe('mine');
  });

  test('reads nothing that it cannot put on record', async () => {
    const outcome = await runAudit(system.data, ['export', file('unrecorded'), ...READER], {
      AUDIT_WRITER_DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:1/none',
    });
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain('nothing was read');
    expect(readdirSync(file('unrecorded'))).toEqual([]);
  });

  test('writes every event as FHIR and as OCSF, with neither nonce nor reason in them', async () => {
    const { code, stderr } = await audit(
      'export',
      '--fhir',
      file('events.fhir.ndjson'),
      '--ocsf',
      file('events.ocsf.ndjson'),
      ...READER,
    );
    expect(code, stderr).toBe(0);
    const auditEvents = lines('events.fhir.ndjson').map((line) => JSON.parse(line));
    for (const event of auditEvents) expect(brokenRules(event), JSON.stringify(event)).toEqual([]);
    const read = auditEvents.find(({ entity }) => entity.at(-1).what.identifier.value === receipt);
    expect(read.meta.profile[0]).toMatch(/PatientRead$/);
    expect(read.entity[0].what.identifier.value).toBe(system.scenarios.joined);

    const ocsf = lines('events.ocsf.ndjson').map((line) => JSON.parse(line));
    expect(ocsf.find(({ metadata }) => metadata.uid === receipt)).toMatchObject({
      class_uid: 6003,
      status_id: 1,
    });
    const leaves = await readLeaves(system);
    const receipts = new Set(ocsf.map(({ metadata }) => metadata.uid));
    const firsts = leaves.filter(({ event }) => event.part === 1);
    expect(firsts.every(({ origin, index }) => receipts.has(`${origin} ${index}`))).toBe(true);

    const text = [...lines('events.fhir.ndjson'), ...lines('events.ocsf.ndjson')].join('\n');
    for (const { event } of leaves) {
      expect(text).not.toContain(event.nonce);
      if (event.reason !== undefined) expect(text).not.toContain(event.reason);
    }
  });
});

describe('audit -- prove', () => {
  const prove = (...words: string[]) => audit('prove', ...receipt.split(' '), ...words);

  test('prints a proof that holds with the public key alone', async () => {
    const { code, stdout } = await prove();
    expect(code).toBe(0);
    writeFileSync(file('leaf.tlog-proof'), stdout);
    const checked = await audit(
      'check-proof',
      file('leaf.tlog-proof'),
      '--keys',
      join(system.data, 'audit-keys.txt'),
    );
    expect(checked.code, checked.stdout).toBe(0);
    // Those of the system's folder, as every other command has them.
    expect((await audit('check-proof', file('leaf.tlog-proof'))).stdout).toBe(checked.stdout);
    expect(checked.stdout).toContain(`leaf ${receipt.split(' ')[1]} stands in ${receipt.split(' ')[0]}`);
    writeFileSync(file('leaf.tlog-proof'), stdout.replace(/index (\d+)/, 'index 0'));
    const changed = await audit(
      'check-proof',
      file('leaf.tlog-proof'),
      '--keys',
      join(system.data, 'audit-keys.txt'),
    );
    expect(changed.code).toBe(1);
  });

  test('shows the leaf only to whoever says who they are, and puts that on record', async () => {
    expect((await prove('--with-leaf')).code).toBe(2);
    const { code, stdout, stderr } = await prove('--with-leaf', ...READER);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('on record as');
    const extra = /^extra (.*)$/m.exec(stdout)?.[1] ?? '';
    expect(Buffer.from(extra, 'base64').toString()).toContain(system.scenarios.joined);
  });

  test('of a leaf that is not there is not to be had', async () => {
    const [origin = ''] = receipt.split(' ');
    expect((await audit('prove', origin, '999999')).code).toBe(2);
    expect((await audit('prove', `${origin}x`, '0')).code).toBe(2);
  });
});
