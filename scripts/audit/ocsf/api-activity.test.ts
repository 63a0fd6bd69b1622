import { describe, expect, test } from 'vitest';
import { NONCE, REASON, SAMPLE_EVENTS } from '../testing/sample-events.ts';
import { ocsfEventOf } from './api-activity.ts';

const RECEIPT = 'sample.local/gateway-1/20261122T101600Z-4f2b 42';

type Sample = keyof typeof SAMPLE_EVENTS;
const NAMES = Object.keys(SAMPLE_EVENTS) as Sample[];

/** https://schema.ocsf.io/1.8.0: activities of the two classes, 99 with a name of its own. */
const ACTIVITIES: Readonly<Record<number, readonly number[]>> = {
  6003: [1, 2, 3, 4, 99],
  6002: [1, 2, 3, 4, 5, 6, 7, 8, 99],
};

describe('ocsfEventOf', () => {
  test.each(NAMES)('%s has what the schema requires of its class', (name) => {
    const event = ocsfEventOf(SAMPLE_EVENTS[name], RECEIPT);
    expect(event.category_uid).toBe(6);
    expect(ACTIVITIES[event.class_uid]).toContain(event.activity_id);
    expect(event.type_uid).toBe(event.class_uid * 100 + event.activity_id);
    expect([0, 1, 2, 3, 4, 5, 6, 99]).toContain(event.severity_id);
    expect([0, 1, 2, 99]).toContain(event.status_id);
    expect(Number.isSafeInteger(event.time)).toBe(true);
    expect(event.metadata).toMatchObject({
      version: '1.8.0',
      uid: RECEIPT,
      sequence: 42,
      product: { name: 'ContactPoint' },
    });
    if (event.class_uid === 6002) {
      expect(event.app?.uid).toBeDefined();
    } else {
      expect(event.api?.operation).not.toBe('');
      expect(event.api?.request.uid).toBe(RECEIPT);
      // actor and endpoint: at least one of what identifies them.
      expect(event.actor?.user?.uid ?? event.actor?.app_uid).toBeDefined();
      expect(Object.values(event.src_endpoint ?? {})).not.toHaveLength(0);
    }
  });

  test.each<[Sample, number, number]>([
    ['a child opened', 1, 600302],
    ['refused as a whole', 2, 600302],
    ['a change begun', 0, 600303],
    ['a change done', 1, 600303],
    ['an import', 1, 600301],
    ['a pruning', 1, 600304],
    ['a boot', 1, 600203],
    ['strangers refused', 2, 600399],
  ])('%s has status %i and type %i', (name, status, type) => {
    expect(ocsfEventOf(SAMPLE_EVENTS[name], RECEIPT)).toMatchObject({ status_id: status, type_uid: type });
  });

  test('says who asked, for whom, where they work and which children it was about', () => {
    const event = ocsfEventOf(SAMPLE_EVENTS['read for a colleague'], RECEIPT);
    expect(event.actor).toEqual({
      user: {
        uid: 'p-social-worker',
        type_id: 1,
        org: { uid: 'LA-975' },
        groups: [{ name: 'social-worker' }],
      },
      invoked_by: 'p-manager',
      app_uid: 'case-work',
    });
    expect(event.resources).toEqual([{ uid: 'VSAQ88A5CC9X2HZ4', type: 'Child' }]);
    expect(event.unmapped).toMatchObject({
      purpose: 'S47',
      break_glass: false,
      subjects: [{ released: ['Child.familyName'] }],
    });
  });

  test('counts refused strangers over the time that the count is of', () => {
    expect(ocsfEventOf(SAMPLE_EVENTS['strangers refused'], RECEIPT)).toMatchObject({
      count: 17,
      time: Date.parse('2026-11-22T10:14:00.000Z'),
      start_time: Date.parse('2026-11-22T10:14:00.000Z'),
      end_time: Date.parse('2026-11-22T10:14:59.000Z'),
      src_endpoint: { ip: '192.0.2.1' },
    });
  });

  test('never the nonce, the reason or the digest of the variables', () => {
    const text = JSON.stringify(NAMES.map((name) => ocsfEventOf(SAMPLE_EVENTS[name], RECEIPT)));
    for (const secret of [NONCE, REASON, 'cd'.repeat(32)]) expect(text).not.toContain(secret);
  });
});
