import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACCESS_EVENT_KINDS, type AccessEvent, AccessEventError } from './access-event.ts';
import { decodeAccessEvent, joinAccessEvent } from './decode-access-event.ts';
import { encodeAccessEvent } from './encode-access-event.ts';
import { MAX_PART_BYTES } from './event-shares.ts';
import { encodePlainly } from './testing/plain-encoding.ts';

const text = fc.string({ maxLength: 40, unit: 'grapheme' });
const manyCoordinates = (count: number) => Array.from({ length: count }, (_, index) => `Child.field${index}`);
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((octets) => Buffer.from(octets).toString('hex'));
const time = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const coordinate = fc.string({ minLength: 1, maxLength: 60 });
/** Sorted, each once, as a decision names them. */
const coordinates = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.uniqueArray(coordinate, { maxLength: 20 }).map((names) => names.sort()),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3_000 }).map((n) => manyCoordinates(n).sort()) },
);

const anyEvent: fc.Arbitrary<AccessEvent> = fc.record(
  {
    version: fc.constant(1 as const),
    kind: fc.constantFrom(...ACCESS_EVENT_KINDS),
    nonce: hex(16),
    at: time,
    instance: text,
    practitioner: text,
    mediator: text,
    role: text,
    organisation: text,
    purpose: text,
    reason: text,
    override: fc.boolean(),
    overrideWindows: fc.array(hex(32), { maxLength: 20 }),
    client: text,
    operation: fc.record({ name: text, hash: hex(32) }, { requiredKeys: ['hash'] }),
    variables: fc.record({ kid: text, digest: hex(32) }),
    policySet: hex(32),
    supergraph: hex(32),
    outcome: fc.constantFrom('RELEASED' as const, 'PARTIAL' as const, 'REFUSED' as const),
    refusal: fc.record({ code: text, detail: text }, { requiredKeys: ['code'] }),
    intentIndex: fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }),
    refusals: fc.record({ source: text, count: fc.nat(), from: time, to: time }),
    searches: fc.record({ asked: fc.nat(), missed: fc.nat() }),
    import: fc.record({
      source: text,
      digest: hex(32),
      rows: fc.nat(),
      accepted: fc.nat(),
      updated: fc.nat(),
      unchanged: fc.nat(),
      quarantined: fc.nat(),
    }),
    previous: fc.record({
      origin: text,
      size: fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }).map(String),
      rootHash: hex(32).map((digits) => Buffer.from(digits, 'hex').toString('base64')),
    }),
    pruned: fc.oneof(
      fc.record({ origin: text, count: fc.nat(), before: time }),
      fc.record({ origin: text, count: fc.constant(6), indexes: fc.constant('3,5-9'), before: time }),
    ),
    jtis: fc.array(fc.uuid(), { maxLength: 2_500, size: 'max' }),
    subjects: fc.uniqueArray(
      fc.record({ child: text, released: coordinates, withheld: coordinates, policies: coordinates }),
      { selector: ({ child }) => child, maxLength: 40 },
    ),
  },
  {
    requiredKeys: ['version', 'kind', 'nonce', 'at', 'instance', 'override', 'outcome', 'jtis', 'subjects'],
  },
);

const refused: AccessEvent = {
  version: 1,
  kind: 'access',
  nonce: '000102030405060708090a0b0c0d0e0f',
  at: '2026-11-22T10:15:00.000Z',
  instance: 'gateway-1',
  override: false,
  outcome: 'REFUSED',
  jtis: [],
  subjects: [],
};

function decodeAll(leaves: readonly Uint8Array[]): AccessEvent {
  const [first, ...rest] = leaves.map(decodeAccessEvent);
  if (first === undefined) throw new Error('no part');
  return joinAccessEvent([first, ...rest]);
}

const textOf = (leaf: Uint8Array) => Buffer.from(leaf).toString('utf8');

describe('encodeAccessEvent', () => {
  test('comes back as it was, in parts that each fit an entry and decode alone', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const leaves = encodeAccessEvent(event);
        const parts = leaves.map(decodeAccessEvent);
        expect(Math.max(...leaves.map(({ byteLength }) => byteLength))).toBeLessThanOrEqual(MAX_PART_BYTES);
        expect(parts.map(({ part }) => part)).toEqual(leaves.map((_leaf, index) => index + 1));
        expect(new Set(parts.map((part) => `${part.nonce} ${part.parts}`)).size).toBe(1);
        expect(decodeAll(leaves)).toEqual(event);
      }),
      { numRuns: 60 },
    );
  });

  test('writes what the plain way writes, byte for byte', () => {
    fc.assert(
      fc.property(anyEvent, fc.boolean(), (event, areFrozen) => {
        const lists = event.subjects.flatMap(({ released, withheld, policies }) => [
          released,
          withheld,
          policies,
        ]);
        if (areFrozen) lists.forEach(Object.freeze);
        expect(encodeAccessEvent(event).map(textOf)).toEqual(encodePlainly(event).map(textOf));
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['lists of their own', (list: string[]) => [...list]],
    ['lists that they share', (list: string[]) => list],
  ])('so it does at every number of children with %s, from one part to four', (_case, listOf) => {
    const released = Object.freeze(['Child.dateOfBirth', 'Child.names', 'Child.sex']) as string[];
    const withheld = Object.freeze(['Child.conditions', 'Child.names']) as string[];
    const policies = Object.freeze(['social-worker-s47']) as string[];
    const parts = new Set<number>();
    for (let children = 0; children <= 220; children++) {
      const subjects = Array.from({ length: children }, (_, index) => ({
        child: String(index).padStart(16, '0'),
        ...{ released: listOf(released), withheld: listOf(withheld), policies: listOf(policies) },
      }));
      const event = { ...refused, jtis: ['a'.repeat(36)], subjects };
      const leaves = encodeAccessEvent(event);
      expect(leaves.map(textOf)).toEqual(encodePlainly(event).map(textOf));
      parts.add(leaves.length);
    }
    expect([...parts]).toEqual([1, 2, 3, 4]);
  });

  test('writes the same bytes whatever the order of keys it was given', () => {
    const reversed = Object.fromEntries(Object.entries(refused).reverse()) as unknown as AccessEvent;
    expect(encodeAccessEvent(reversed)).toEqual(encodeAccessEvent(refused));
  });

  test('a thousand children take several parts, and no child is lost', () => {
    const subjects = Array.from({ length: 1_000 }, (_, index) => ({
      child: String(index).padStart(16, '0'),
      released: ['Child.names', 'Child.dateOfBirth', 'Child.sex'],
      withheld: ['Child.conditions'],
      policies: ['social-worker-s47'],
    }));
    const leaves = encodeAccessEvent({ ...refused, subjects });
    expect(leaves.length).toBeGreaterThan(1);
    expect(decodeAll(leaves).subjects).toEqual(subjects);
  });

  describe('how many parts there are', () => {
    const seed = { ...refused, jtis: ['a'.repeat(36)] };
    const places = ['Child.addresses', 'Address.town', 'Child.involvements', 'Involvement.phone'];
    const names = ['Child.familyName', 'Child.givenNames'];
    /** As for a child who has nothing, and as for one who is shielded. */
    const open = { released: [...places, ...names].sort(), withheld: [], policies: ['primary-care-dc'] };
    const shut = { released: names, withheld: [...places].sort(), policies: ['primary-care-dc', 'shield'] };
    const partly = { ...shut, released: [...names, 'Address.town'].sort() };
    const parts = (outcome: AccessEvent['outcome'], access: typeof shut, children: number, padding = 0) =>
      encodeAccessEvent({
        ...{ ...seed, outcome },
        reason: 'r'.repeat(padding),
        subjects: Array.from({ length: children }, (_, index) => ({
          child: String(index).padStart(16, '0'),
          ...access,
        })),
      }).length;

    test('does not depend on what was decided, at any size', () => {
      let most = 0;
      for (let children = 1; children <= 200; children += 3) {
        const apparent = parts('RELEASED', open, children);
        expect([children, parts('PARTIAL', shut, children)]).toEqual([children, apparent]);
        expect([children, parts('PARTIAL', partly, children)]).toEqual([children, apparent]);
        most = apparent;
      }
      expect(most).toBeGreaterThan(2);
    });

    test('nor at any byte around the size at which there is one more', () => {
      let children = 1;
      while (parts('RELEASED', open, children) === 1) children++;
      const counts = Array.from({ length: 501 }, (_, padding) =>
        parts('RELEASED', open, children - 1, padding),
      );
      for (const [padding, apparent] of counts.entries()) {
        expect([padding, parts('PARTIAL', shut, children - 1, padding)]).toEqual([padding, apparent]);
      }
    });

    test('nor for one child of whom more is asked than fits a part', () => {
      for (let count = 100; count <= 2_000; count += 38) {
        const all = manyCoordinates(count).sort();
        const half = all.filter((_, index) => index % 2 === 0);
        const others = all.filter((_, index) => index % 2 === 1);
        const apparent = parts('RELEASED', { ...open, released: all }, 3);
        expect(parts('PARTIAL', { ...shut, released: half, withheld: others }, 3)).toBe(apparent);
      }
    });
  });

  test.each<[string, AccessEvent['kind'], object]>([
    [
      'whose source got lost',
      'refusal-count',
      { refusals: { source: undefined, count: 1, from: refused.at, to: refused.at } },
    ],
    ['whose log has no name', 'prune', { pruned: { origin: undefined, count: 1, before: refused.at } }],
    ...['', '3-1', '3,5-8', 'all'].map((indexes): [string, 'prune', object] => [
      `that says of six leaves that they are ${JSON.stringify(indexes)}`,
      'prune',
      { pruned: { origin: 'o', count: 6, indexes, before: refused.at } },
    ]),
    ['without an instance', 'access', { instance: undefined }],
    ['without a nonce', 'intent', { nonce: undefined }],
    ['of no time', 'outcome', { at: 'yesterday' }],
  ])('an event %s is not let out: nobody could read it', (_case, kind, lost) => {
    const event = { ...refused, kind, ...lost } as unknown as AccessEvent;
    expect(() => encodeAccessEvent(event)).toThrow(AccessEventError);
  });

  test('lists that children share, whole or in part, frozen or not, are each child’s own in the event', () => {
    const [names, town, none] = [['Child.names'], ['Address.town'], []].map((list) => Object.freeze(list));
    const growing = ['Child.sex'];
    const lists = [names, town, none, growing] as readonly (readonly string[])[];
    const subjectsNow = () =>
      lists.flatMap((released, one) =>
        lists.flatMap((withheld, other) =>
          lists.map((policies, third) => ({ child: `${one}${other}${third}`, released, withheld, policies })),
        ),
      );
    for (let round = 0; round < 2; round++) {
      const subjects = subjectsNow();
      expect(decodeAll(encodeAccessEvent({ ...refused, subjects })).subjects).toEqual(subjects);
      growing.push('Child.dateOfBirth');
    }
  });

  test('what a caller wrote without measure is cut, so that its refusal is recorded all the same', () => {
    const endless = '\u0000'.repeat(1_000_000);
    const [leaf, ...more] = encodeAccessEvent({
      ...refused,
      practitioner: endless,
      purpose: endless,
      reason: endless,
      operation: { name: endless, hash: 'ff' },
      subjects: [{ child: endless, released: [], withheld: [], policies: [] }],
    });
    expect(more).toEqual([]);
    expect(leaf?.byteLength).toBeLessThan(MAX_PART_BYTES);
  });
});

describe('decodeAccessEvent', () => {
  test.each([
    ['no JSON', 'nonce 0001'],
    ['another version', JSON.stringify({ ...refused, version: 2, part: 1, parts: 1 })],
    ['a missing nonce', JSON.stringify({ ...refused, nonce: undefined, part: 1, parts: 1 })],
    [
      'a boot after a log without a root',
      JSON.stringify({ ...refused, previous: { origin: 'a', size: '1', rootHash: '' }, part: 1, parts: 1 }),
    ],
    ['an unknown outcome', JSON.stringify({ ...refused, outcome: 'SEALED', part: 1, parts: 1 })],
  ])('refuses %s without quoting the leaf', (_case, leaf) => {
    const decode = () => decodeAccessEvent(new TextEncoder().encode(leaf));
    expect(decode).toThrow(AccessEventError);
    expect(decode).not.toThrow(/0001/);
  });

  test('reads past keys that a later writer added', () => {
    const leaf = JSON.stringify({ ...refused, part: 1, parts: 1, later: true });
    expect(decodeAccessEvent(new TextEncoder().encode(leaf))).toEqual({ ...refused, part: 1, parts: 1 });
  });
});
