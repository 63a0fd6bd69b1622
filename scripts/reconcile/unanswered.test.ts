import { describe, expect, test } from 'vitest';
import { type Interruption, Interruptions } from './interruptions.ts';
import type { JournalEntry } from './journal-entry.ts';
import { Unanswered } from './unanswered.ts';

const ORIGIN = 'contactpoint.test/gateway-1/20261122T101500Z-4f2a';
const CRASH = Date.parse('2026-11-22T12:00:00Z');
const DAY = 86_400_000;

const ended: Interruption = {
  ...{ origin: ORIGIN, cause: 'BOOT_ENDED', last: '812', from: CRASH, to: CRASH + 10_000 },
};
const lost: Interruption = { ...ended, cause: 'STORE_LOST' };
const idle: Interruption = { ...ended, from: CRASH - DAY };

/** Judges one request at each of these seconds from the crash. */
function judged(
  interruptions: readonly Interruption[],
  seconds: readonly number[],
  iss: string | null = ORIGIN,
) {
  const unanswered = new Unanswered(new Interruptions([ORIGIN], interruptions), CRASH + DAY);
  const atOnce = seconds.flatMap((second) => {
    const at = new Date(CRASH + second * 1000).toISOString();
    const entry: JournalEntry = {
      ...{ jti: 'a', evt: '0'.repeat(64), iss, at, practitioner: 'p', operation: 'query' },
      ...{ child: null, coordinates: [] },
    };
    return unanswered.judge('health', [entry]) ?? [];
  });
  const { explained, requests, count } = unanswered.conclude();
  return { explained, requests, bypasses: atOnce.length + count };
}

describe('a request without event', () => {
  test.each([
    ['as the boot ended', [ended], [-2, -1, 0], { bootEnded: 3 }],
    ['just after, under a grant that still held', [ended], [20], { bootEnded: 1 }],
    ['as the boot ended after a day without requests', [idle], [-3, -1], { bootEnded: 2 }],
    ['as the store was lost', [lost], [-1, 5], { storeLost: 2 }],
    ['of a time that is pruned', [{ ...ended, cause: 'PRUNED' as const }], [5], { pruned: 1 }],
    ['of the last minute', [], [DAY / 1000 - 59], { underWay: 1 }],
  ])('%s is no bypass', (_case, interruptions, seconds, explained) => {
    expect(judged(interruptions, seconds)).toMatchObject({ explained, bypasses: 0 });
  });

  test.each([
    ['while the gateway ran', [], [0], ORIGIN],
    ['long before the boot ended', [ended], [-61], ORIGIN],
    ['after everything it had signed had expired', [ended], [46], ORIGIN],
    ['under a log that never was', [ended], [0], 'contactpoint.test/gateway-1/20261122T101500Z-0000'],
    ['under no log', [ended], [0], null],
    ['that is so young, under a log that never was', [], [DAY / 1000], 'contactpoint.test/other/1'],
  ])('%s is one', (_case, interruptions, seconds, iss) => {
    expect(judged(interruptions, seconds, iss).bypasses).toBe(1);
  });

  test('that is explained is named, and the leaf before it, so that somebody can follow it up', () => {
    const named = { subgraph: 'health', jti: 'a', origin: ORIGIN, practitioner: 'p', operation: 'query' };
    expect(judged([ended], [-2, -1]).requests).toMatchObject([
      { ...named, why: 'BOOT_ENDED', after: '812', at: '2026-11-22T11:59:58.000Z' },
      { ...named, why: 'BOOT_ENDED', after: '812', at: '2026-11-22T11:59:59.000Z' },
    ]);
    expect(judged([lost], [5]).requests).toMatchObject([{ ...named, why: 'STORE_LOST', after: '812' }]);
    expect(judged([], [DAY / 1000 - 59]).requests).toMatchObject([{ why: 'UNDER_WAY', after: null }]);
    expect(judged([{ ...ended, cause: 'PRUNED' }], [5]).requests).toEqual([]);
    expect(judged([idle], [-3600, -3]).requests).toEqual([]);
  });

  test('among others that were not under way at the same moment is one, and so are they: nothing tells them apart', () => {
    expect(judged([idle], [-3, -2, -1]).bypasses).toBe(0);
    expect(judged([idle], [-3600, -3, -2, -1])).toMatchObject({ explained: { bootEnded: 0 }, bypasses: 4 });
    const out: Interruption = { ...lost, from: CRASH - DAY };
    expect(judged([out], [-119, 0])).toMatchObject({ explained: { storeLost: 2 }, bypasses: 0 });
    expect(judged([out], [-121, 0])).toMatchObject({ explained: { storeLost: 0 }, bypasses: 2 });
  });
});
