import type { AccessEvent, SubjectDecision } from '../access-event.ts';

/**
 * An event's leaves as its encoding is meant, written without a thought for what it costs: the oracle of `encodeAccessEvent`,
 * whose bytes are in logs and may not change.
 */
export function encodePlainly(event: AccessEvent): Uint8Array[] {
  const room = PART - bytes(head(event, 1, 1).slice(0, -1)) - 10 - bytes(LISTS) - 8 + bytes(event.outcome);
  const items = [
    ...event.jtis.map((jti) => ({
      key: 'jtis',
      text: JSON.stringify(jti),
      room: bytes(JSON.stringify(jti)) + 1,
    })),
    ...event.subjects
      .flatMap(split)
      .map((piece) => ({ key: 'subjects', text: JSON.stringify(named(piece)), room: roomOf(piece) })),
  ];
  const parts = chunked(items, room, (item) => item.room);
  if (parts.length === 0) parts.push([]);
  return parts.map((part, index) => {
    const list = (key: string) => part.flatMap((item) => (item.key === key ? [item.text] : [])).join();
    const text = head(event, index + 1, parts.length).slice(0, -1);
    return Buffer.from(`${text},"jtis":[${list('jtis')}],"subjects":[${list('subjects')}]}`);
  });
}

const PART = 60_000;
const SUBJECT = 16_000;
const POLICIES = 640;
const LISTS = ',"jtis":[],"subjects":[]}';

/** In the order of the leaf: names of what is written, and what of it is cut, at how many characters. */
const KEYS: readonly (readonly [string, number?])[] = [
  ...[['version'], ['kind'], ['nonce'], ['part'], ['parts'], ['at'], ['instance']].map(
    ([key]) => [key] as [string],
  ),
  ...['practitioner', 'mediator', 'role', 'organisation', 'purpose'].map((key): [string, number] => [
    key,
    200,
  ]),
  ...([['reason', 500], ['override'], ['overrideWindows'], ['client', 200]] as [string, number?][]),
  ...['operation', 'variables', 'policySet', 'supergraph', 'outcome', 'refusal'].map(
    (key) => [key] as [string],
  ),
  ...['intentIndex', 'refusals', 'searches', 'import', 'previous', 'pruned'].map((key) => [key] as [string]),
];

const WITHIN: Readonly<Record<string, readonly (readonly [string, number?])[]>> = {
  operation: [['name', 200], ['hash']],
  variables: [['kid'], ['digest']],
  refusal: [['code'], ['detail', 200]],
  refusals: [['source', 200], ['count'], ['from'], ['to']],
  searches: [['asked'], ['missed']],
  import: [['source'], ['digest'], ['rows'], ['accepted'], ['updated'], ['unchanged'], ['quarantined']],
  previous: [['origin'], ['size'], ['rootHash']],
  pruned: [['origin'], ['count'], ['indexes'], ['before']],
};

function head(event: AccessEvent, part: number, parts: number): string {
  return JSON.stringify(picked({ ...event, part, parts }, KEYS));
}

function picked(from: object, keys: readonly (readonly [string, number?])[]): object {
  const values = from as Readonly<Record<string, unknown>>;
  return Object.fromEntries(keys.map(([key, most]) => [key, plain(key, values[key], most)]));
}

function plain(key: string, value: unknown, most: number | undefined): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return value.slice(0, most);
  const within = WITHIN[key];
  return within === undefined || value === undefined ? value : picked(value as object, within);
}

/** A subject needs the same room whatever was decided: each coordinate twice, and its policies as many bytes as any. */
function roomOf({ child, released, withheld, policies }: SubjectDecision): number {
  const coordinates = JSON.stringify([...new Set([...released, ...withheld])]);
  const ofPolicies = Math.max(POLICIES, bytes(JSON.stringify(policies)) + 1);
  return 64 + bytes(JSON.stringify(child.slice(0, 200))) + 1 + 2 * bytes(coordinates) + ofPolicies;
}

function split(subject: SubjectDecision): readonly SubjectDecision[] {
  if (roomOf(subject) <= SUBJECT) return [subject];
  const empty = { child: subject.child, released: [], withheld: [], policies: [] };
  const all = [...new Set([...subject.released, ...subject.withheld])].sort();
  const size = (name: string) => bytes(JSON.stringify(name)) + 1;
  const coordinates = chunked(all, SUBJECT - roomOf(empty), (name) => 2 * size(name));
  const policies = chunked(subject.policies, POLICIES, size);
  return Array.from({ length: Math.max(coordinates.length, policies.length, 1) }, (_, place) => ({
    ...empty,
    released: coordinates[place]?.filter((name) => subject.released.includes(name)) ?? [],
    withheld: coordinates[place]?.filter((name) => subject.withheld.includes(name)) ?? [],
    policies: policies[place] ?? [],
  }));
}

function named({ child, released, withheld, policies }: SubjectDecision): object {
  return { child: child.slice(0, 200), released, withheld, policies };
}

function chunked<T>(items: readonly T[], most: number, sizeOf: (item: T) => number): T[][] {
  const chunks: T[][] = [];
  let used = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (chunks.length === 0 || used + size > most) {
      chunks.push([]);
      used = 0;
    }
    chunks.at(-1)?.push(item);
    used += size;
  }
  return chunks;
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}
