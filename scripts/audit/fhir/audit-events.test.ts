import { describe, expect, test } from 'vitest';
import { NONCE, REASON, SAMPLE_EVENTS } from '../testing/sample-events.ts';
import { auditEventsOf } from './audit-events.ts';
import { brokenRules } from './balp-rules.ts';

const RECEIPT = 'sample.local/gateway-1/20261122T101600Z-4f2b 42';

type Sample = keyof typeof SAMPLE_EVENTS;

const exported = (name: Sample) => auditEventsOf(SAMPLE_EVENTS[name], RECEIPT);
const profilesOf = (name: Sample) =>
  exported(name).map(
    ({ meta }) => meta?.profile?.map((url) => url.replace(/^.*BasicAudit\./, '')).join() ?? '-',
  );

describe('auditEventsOf', () => {
  test.each(Object.keys(SAMPLE_EVENTS) as Sample[])('%s breaks no rule of FHIR or of its profile', (name) => {
    for (const event of exported(name)) expect(brokenRules(event)).toEqual([]);
  });

  test.each<[Sample, string[]]>([
    ['a child opened', ['PatientRead']],
    ['children listed', ['PatientQuery', 'PatientQuery']],
    // The patterns are of what succeeded: for the second child nothing did.
    ['children listed, one of them hidden', ['PatientQuery', '-']],
    ['nobody found', ['Query']],
    ['refused for a child', ['-']],
    ['refused as a whole', ['-']],
    ['a change begun', ['-']],
    ['a change done', ['PatientUpdate']],
    ['a change done to one child and withheld of another', ['PatientUpdate', '-']],
    ['a change done to nobody', ['Update']],
    // What left the system is no change of the record.
    ['an answer printed', ['-']],
    ['a boot', ['-']],
  ])('%s follows %j', (name, profiles) => {
    expect(profilesOf(name)).toEqual(profiles);
  });

  test.each<[Sample, (string | undefined)[]]>([
    ['a child opened', ['0']],
    ['children listed, one of them hidden', ['0', '4']],
    ['refused as a whole', ['4']],
    ['a change begun', [undefined]],
    ['a change done to one child and withheld of another', ['0', '4']],
    ['a change refused', ['4']],
    ['an answer printed', ['0']],
    ['strangers refused', ['4']],
  ])('%s has the outcome %j', (name, outcomes) => {
    expect(exported(name).map(({ outcome }) => outcome)).toEqual(outcomes);
  });

  test('who, for whom, of which organisation and what for', () => {
    const [event] = exported('read for a colleague');
    expect(
      event?.agent.map(({ type, who, requestor }) => [
        type?.coding?.[0]?.code,
        who?.identifier?.value,
        requestor,
      ]),
    ).toEqual([
      ['110152', 'case-work', false],
      ['110153', 'sample.local/gateway-1/20261122T101600Z-4f2b', false],
      ['IRCP', 'p-social-worker', true],
      ['AGNT', 'p-manager', false],
      ['PROV', 'LA-975', false],
    ]);
    expect(event?.purposeOfEvent?.map(({ coding }) => coding?.map(({ code }) => code))).toEqual([['S47']]);
  });

  test('HL7’s purpose stands beside ours where one means the same, and break-glass on top of it', () => {
    const codes = (name: Sample) =>
      exported(name)[0]?.purposeOfEvent?.flatMap(({ coding }) => coding?.map(({ code }) => code));
    expect(codes('a child opened for care')).toEqual(['DC', 'TREAT']);
    expect(codes('glass broken')).toEqual(['S47', 'BTG']);
    expect(exported('with a purpose that there is not')[0]?.purposeOfEvent).toEqual([{ text: 'CURIOSITY' }]);
  });

  test('the child by its number, with what was released and withheld of it', () => {
    const patient = exported('a child opened')[0]?.entity?.[0];
    expect(patient?.what?.identifier).toEqual({
      system: 'https://contactpoint.example/fhir/identifier/contactpoint-number',
      value: 'VSAQ88A5CC9X2HZ4',
    });
    expect(patient?.detail).toEqual([
      { type: 'released', valueString: 'Child.familyName' },
      { type: 'withheld', valueString: 'Child.conditions' },
      { type: 'policy', valueString: 'p-1' },
    ]);
  });

  test('the receipt leads to the leaf that proves it', () => {
    for (const name of Object.keys(SAMPLE_EVENTS) as Sample[]) {
      for (const { entity } of exported(name)) expect(entity?.at(-1)?.what?.identifier?.value).toBe(RECEIPT);
    }
  });

  test('each has an id of its own, the same whenever it is exported', () => {
    const ids = Object.keys(SAMPLE_EVENTS).flatMap((name, index) =>
      auditEventsOf(SAMPLE_EVENTS[name as Sample], `${RECEIPT}${index}`).map(({ id }) => id),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(exported('a child opened')[0]?.id).toBe(exported('a child opened')[0]?.id);
  });

  test('never the nonce, the reason or the digest of the variables', () => {
    const text = JSON.stringify((Object.keys(SAMPLE_EVENTS) as Sample[]).flatMap(exported));
    for (const secret of [NONCE, REASON, 'cd'.repeat(32)]) expect(text).not.toContain(secret);
  });
});
