import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';
import { leafHash } from '@contactpoint/audit-log/merkle';
import { makeSample } from '@contactpoint/audit-verifier/testing/sample-deployment';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportEvents } from './export-events.ts';
import { SAMPLE_EVENTS } from './testing/sample-events.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-events-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A log of one boot with these leaves after it. */
function logOf(leaves: readonly Uint8Array[]) {
  const sample = makeSample([{ instance: 'gateway-1', leaves: 1, checkpoints: [1] }]);
  const log = sample.log('gateway-1');
  for (const leaf of leaves) {
    log.leaves.push(leaf);
    log.hashes.push(leafHash(leaf));
  }
  return { source: sample.source(), origin: log.origin };
}

const leavesOf = (...events: readonly AccessEvent[]) => events.flatMap(encodeAccessEvent);

test('FHIR that would break a rule is not written, and the event that it is of is named', async () => {
  const opened = SAMPLE_EVENTS['a child opened'];
  const { source, origin } = logOf(leavesOf(opened, { ...opened, role: '' }, opened));
  const fhir = join(folder, 'broken.ndjson');
  await expect(exportEvents(source, { fhir })).rejects.toThrow(
    `The AuditEvent of ${origin} 2 breaks rules of FHIR: ele-1`,
  );
  // The boot and the event before it.
  expect(readFileSync(`${fhir}.part`, 'utf8').trimEnd().split('\n')).toHaveLength(2);
  expect(existsSync(fhir)).toBe(false);
});

test('a purpose that was left blank breaks none', async () => {
  const { source } = logOf(leavesOf({ ...SAMPLE_EVENTS['a child opened'], purpose: '' }));
  const summary = await exportEvents(source, { fhir: join(folder, 'blank.ndjson') });
  expect(summary).toMatchObject({ events: 2, auditEvents: 2, unreadable: 0 });
});

test('an event that was recorded again after some of its parts is written with its last children', async () => {
  const subjects = Array.from({ length: 60 }, (_, n) => ({
    child: String(n).padStart(16, '0'),
    released: Array.from({ length: 40 }, (_field, field) => `Child.aRatherLongNameOfField${field}`),
    withheld: [],
    policies: ['p'],
  }));
  const parts = encodeAccessEvent({ ...SAMPLE_EVENTS['a child opened'], subjects });
  const { source, origin } = logOf([...parts.slice(0, -1), ...parts]);
  const fhir = join(folder, 'again.ndjson');
  await exportEvents(source, { fhir });
  const whole = `${origin} ${parts.length}`;
  const children = readFileSync(fhir, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ entity }) => entity.at(-1).what.identifier.value === whole)
    .map(({ entity }) => entity[0].what.identifier.value);
  expect(children).toEqual(subjects.map(({ child }) => child));
});
