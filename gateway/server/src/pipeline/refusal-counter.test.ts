import { expect, test } from 'vitest';
import { NOW } from '../testing/personas.ts';
import { createRefusalCounter } from './refusal-counter.ts';

const MINUTE = 60_000;
const CODE = 'UNAUTHENTICATED';
const after = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);

/** Events reduced to what they count. */
function counterOf() {
  return createRefusalCounter((refusals, _at, code) => ({
    version: 1,
    kind: 'refusal-count',
    nonce: '0'.repeat(32),
    at: NOW.toISOString(),
    instance: 'gateway-1',
    override: false,
    outcome: 'REFUSED',
    refusal: { code },
    refusals,
    jtis: [],
    subjects: [],
  }));
}

test('the first refusal of a source is an event at once, those behind it are counted into one more', () => {
  const counter = counterOf();
  expect(counter.count('10.0.0.1', after(0), CODE)?.refusals).toEqual({
    source: '10.0.0.1',
    count: 1,
    from: after(0).toISOString(),
    to: after(0).toISOString(),
  });
  expect(counter.count('10.0.0.1', after(10), CODE)).toBeUndefined();
  expect(counter.count('10.0.0.1', after(20), CODE)).toBeUndefined();
  expect(counter.count('10.0.0.2', after(30), CODE)?.refusals?.source).toBe('10.0.0.2');

  expect(counter.take(after(MINUTE - 1))).toEqual([]);
  expect(counter.take(after(MINUTE)).map(({ refusals }) => refusals)).toEqual([
    { source: '10.0.0.1', count: 2, from: after(0).toISOString(), to: after(20).toISOString() },
  ]);
  expect(counter.take(after(MINUTE * 2))).toEqual([]);
});

test('a source that was told of starts again with the next minute', () => {
  const counter = counterOf();
  counter.count('10.0.0.1', after(0), CODE);
  counter.take(after(MINUTE));
  expect(counter.count('10.0.0.1', after(MINUTE), CODE)?.refusals?.count).toBe(1);
});

test('a gateway that stops leaves nothing uncounted', () => {
  const counter = counterOf();
  counter.count('10.0.0.1', after(0), CODE);
  counter.count('10.0.0.1', after(1), CODE);
  expect(counter.take(after(2), true).map(({ refusals }) => refusals?.count)).toEqual([1]);
});

test('a flood from everywhere gives a bounded number of events, and none of it goes uncounted', () => {
  const counter = counterOf();
  const refusals = 5_000;
  const events = Array.from({ length: refusals }, (_, index) =>
    counter.count(`10.0.${index >> 8}.${index & 255}`, NOW, CODE),
  );
  const recorded = [...events.flatMap((event) => event ?? []), ...counter.take(after(MINUTE))];
  expect(recorded.length).toBeLessThan(1_010);
  expect(recorded.reduce((sum, { refusals: counted }) => sum + (counted?.count ?? 0), 0)).toBe(refusals);
});

test('what could not be recorded is counted again', () => {
  const counter = counterOf();
  const first = counter.count('10.0.0.1', after(0), CODE);
  if (first !== undefined) counter.putBack(first);
  counter.count('10.0.0.1', after(10), CODE);
  const [minute] = counter.take(after(MINUTE));
  expect(minute?.refusals?.count).toBe(2);

  if (minute !== undefined) counter.putBack(minute);
  expect(counter.take(after(MINUTE * 2)).map(({ refusals }) => refusals)).toEqual([
    { source: '10.0.0.1', count: 2, from: after(0).toISOString(), to: after(10).toISOString() },
  ]);
});

test('a provider that is out of reach is not counted as a token that is no good', () => {
  const counter = counterOf();
  for (const code of [CODE, 'ACCESS_UNDECIDED'])
    expect(counter.count('10.0.0.1', after(0), code)?.refusal).toEqual({ code });
  for (const code of [CODE, CODE, 'ACCESS_UNDECIDED']) counter.count('10.0.0.1', after(10), code);
  const ended = counter.take(after(MINUTE));
  expect(ended.map(({ refusal, refusals }) => [refusal?.code, refusals?.count])).toEqual([
    [CODE, 2],
    ['ACCESS_UNDECIDED', 1],
  ]);
  for (const event of ended) counter.putBack(event);
  expect(counter.take(after(MINUTE), true)).toEqual(ended);
});
