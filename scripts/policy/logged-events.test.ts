import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';
import { describe, expect, test } from 'vitest';
import { joinLeaves, type LoggedEvent, type LoggedLeaf } from './logged-events.ts';

function event(nonce: number, children: number): AccessEvent {
  return {
    version: 1,
    kind: 'access',
    nonce: nonce.toString(16).padStart(32, '0'),
    at: '2026-11-22T10:15:00.000Z',
    instance: 'gateway-1',
    override: false,
    outcome: 'RELEASED',
    jtis: [],
    subjects: Array.from({ length: children }, (_, index) => ({
      child: `${index}`.padStart(16, '0'),
      released: Array.from({ length: 40 }, (_field, field) => `Child.aRatherLongNameOfField${field}`),
      withheld: [],
      policies: ['p'],
    })),
  };
}

/** Leaves in the order of their events, in one log. */
function leavesOf(origin: string, parts: readonly Uint8Array[]): LoggedLeaf[] {
  return parts.map((leaf, index) => ({ origin, index: `${index}`, leaf }));
}

async function join(leaves: readonly LoggedLeaf[]): Promise<LoggedEvent[]> {
  const source = (async function* () {
    yield* leaves;
  })();
  const joined: LoggedEvent[] = [];
  for await (const each of joinLeaves(source)) joined.push(each);
  return joined;
}

describe('joinLeaves', () => {
  test('puts the parts of a long event together, under the receipt of the first', async () => {
    const long = event(1, 150);
    const parts = encodeAccessEvent(long);
    expect(parts.length).toBeGreaterThan(2);
    const [short = new Uint8Array()] = encodeAccessEvent(event(2, 1));
    const [first = short, ...rest] = parts;
    const joined = await join(leavesOf('log', [short, first, short, ...rest]));
    expect(joined.map(({ receipt, complete }) => [receipt, complete])).toEqual([
      ['log 0', true],
      ['log 2', true],
      ['log 1', true],
    ]);
    expect(joined[2]?.event).toEqual(long);
  });

  test('an event that was recorded again after some of its parts is complete with its last children', async () => {
    const long = event(1, 150);
    const parts = encodeAccessEvent(long);
    const kept = parts.slice(0, -1);
    const joined = await join(leavesOf('log', [...kept, ...parts]));
    expect(joined.map(({ receipt, complete }) => [receipt, complete])).toEqual([
      ['log 0', false],
      [`log ${kept.length}`, true],
    ]);
    expect(joined[1]?.event).toEqual(long);
  });

  test('gives what never got complete as it is, before the next log', async () => {
    const [first = new Uint8Array()] = encodeAccessEvent(event(1, 150));
    const [short = new Uint8Array()] = encodeAccessEvent(event(2, 1));
    const joined = await join([...leavesOf('a', [first, short]), ...leavesOf('b', [short])]);
    expect(joined.map(({ receipt, complete }) => [receipt, complete])).toEqual([
      ['a 1', true],
      ['a 0', false],
      ['b 0', true],
    ]);
    expect(joined[1]?.event?.subjects.length).toBeGreaterThan(0);
  });

  test('waits for no more than a bounded number of events', async () => {
    const firsts = Array.from(
      { length: 300 },
      (_, nonce) => encodeAccessEvent(event(nonce, 60))[0] as Uint8Array,
    );
    const joined: string[] = [];
    let ahead = 0;
    const source = (async function* () {
      for (const leaf of leavesOf('log', firsts)) {
        ahead = Math.max(ahead, Number(leaf.index) - joined.length);
        yield leaf;
      }
    })();
    for await (const { receipt } of joinLeaves(source)) joined.push(receipt);
    expect(joined).toEqual(firsts.map((_leaf, index) => `log ${index}`));
    expect(ahead).toBeLessThanOrEqual(101);
  });

  test('passes a leaf that it cannot read on as that', async () => {
    const joined = await join(leavesOf('log', [new TextEncoder().encode('{"version":2}')]));
    expect(joined).toEqual([{ receipt: 'log 0', event: undefined, complete: true }]);
  });
});
