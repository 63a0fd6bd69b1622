import { describe, expect, test } from 'vitest';
import type { AccessEvent } from './access-event.ts';
import { encodeAccessEvent } from './encode-access-event.ts';
import { EventParts, type JoinedEvent } from './event-parts.ts';

const NONCE = '0'.repeat(31);

/** Of 60 children it takes four parts. */
function leavesOf(changes: Partial<AccessEvent> = {}): readonly Uint8Array[] {
  return encodeAccessEvent({
    ...{ version: 1, kind: 'access', nonce: `${NONCE}1`, at: '2026-11-22T10:15:00.000Z' },
    ...{ instance: 'gateway-1', override: false, outcome: 'RELEASED', jtis: [] },
    subjects: Array.from({ length: 60 }, (_, n) => ({
      child: `${n}`.padStart(16, '0'),
      released: Array.from({ length: 40 }, (_field, field) => `Child.aRatherLongNameOfField${field}`),
      withheld: [],
      policies: ['p'],
    })),
    ...changes,
  });
}

const [one, two, three, four] = leavesOf() as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

function join(leaves: readonly Uint8Array[]): JoinedEvent<number>[] {
  const parts = new EventParts<number>();
  const found = leaves.flatMap((leaf, place) => parts.take(place, leaf) ?? []);
  return [...found, ...parts.end()];
}

const shape = ({ places, event, complete, former }: JoinedEvent<number>): unknown => ({
  ...{ places, complete, children: event.subjects.length },
  ...(former.length === 0 ? {} : { former: former.map(shape) }),
});

describe('EventParts', () => {
  test('the event of these tests has four parts', () => {
    expect(leavesOf()).toHaveLength(4);
  });

  test('an event that was recorded again after three of four parts is whole only with all of the second recording', () => {
    const joined = join([one, two, three, one, two, three, four]);
    expect(joined.map(shape)).toEqual([
      {
        ...{ places: [3, 4, 5, 6], complete: true, children: 60 },
        former: [expect.objectContaining({ places: [0, 1, 2], complete: false })],
      },
    ]);
  });

  test('each of several recordings that broke off is kept apart', () => {
    const [joined] = join([one, one, two, one, two, three, four]);
    expect(joined).toMatchObject({ places: [3, 4, 5, 6], former: [{ places: [0] }, { places: [1, 2] }] });
    expect(joined?.former.flatMap(({ former }) => former)).toEqual([]);
  });

  test('an event that was recorded twice, both times whole, is two', () => {
    const all = [one, two, three, four];
    expect(join([...all, ...all]).map(({ places, former }) => [places, former])).toEqual([
      [[0, 1, 2, 3], []],
      [[4, 5, 6, 7], []],
    ]);
  });

  test.each([
    ['one part is missing, and another stands twice', [one, two, two, four]],
    ['parts are exchanged', [one, three, two, four]],
    ['the first is missing', [two, three, four]],
    [
      'one part says that there are others',
      [one, two, three, ...leavesOf({ jtis: Array(20_000).fill('j') }).slice(3)],
    ],
  ])('an event is not whole where %s', (_case, leaves) => {
    const [joined, ...more] = join(leaves);
    expect(joined?.complete).toBe(false);
    expect(joined?.places).toEqual(leaves.map((_leaf, place) => place));
    expect(more).toEqual([]);
  });

  test('intent and outcome of one mutation are two events, part by part', () => {
    const [intent, outcome] = [leavesOf({ kind: 'intent' }), leavesOf({ kind: 'outcome' })];
    const leaves = intent.flatMap((leaf, place) => [leaf, outcome[place] as Uint8Array]);
    expect(join(leaves).map(({ event, complete }) => [event.kind, complete])).toEqual([
      ['intent', true],
      ['outcome', true],
    ]);
  });
});
