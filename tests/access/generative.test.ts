import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, openBench, type Question } from './bench/bench.ts';
import type { Caller } from './bench/caller.ts';
import { canariesIn } from './bench/canary.ts';
import { createOracle, type Oracle } from './bench/oracle/oracle.ts';
import { randomCaller } from './bench/random-caller.ts';
import { randomQuestion } from './bench/random-question.ts';
import { CHILDREN } from './bench/world.ts';

/** `NIGHTLY=1` for the large size. */
const CASES = process.env['NIGHTLY'] === '1' ? 20_000 : 500;

let bench: Bench;
let oracle: Oracle;
beforeAll(async () => {
  bench = await openBench();
  oracle = createOracle(bench.schema);
});
afterAll(() => bench.close());

interface Case {
  readonly seed: number;
  readonly caller: Caller;
  readonly question: Question;
}

test(`${CASES} random operations by random callers release what they may and nothing else`, async () => {
  const random: fc.Arbitrary<Case> = fc.record({
    seed: fc.nat(1_000),
    caller: randomCaller,
    question: randomQuestion(bench.schema),
  });
  const property = fc.asyncProperty(random, async ({ seed, caller, question }) => {
    const world = { seed };
    bench.setWorld(world);
    const { response, text, kept } = await bench.ask(caller, question);
    const expected = oracle.answer(world, caller, question);

    const permitted = canariesIn(JSON.stringify(expected.data));
    const leaked = [...canariesIn(text)].filter((canary) => !permitted.has(canary));
    expect(leaked).toEqual([]);
    expect([...canariesIn(kept)]).toEqual([]);
    const numbers = CHILDREN.filter((child) => text.includes(child));
    expect(numbers.filter((child) => !JSON.stringify(expected.data).includes(child))).toEqual([]);

    expect(response.status).toBe(200);
    expect(JSON.parse(JSON.stringify(response.body.data))).toEqual(expected.data);
    expect(reasonsIn(response.body.errors)).toEqual(expected.errors);
  });
  await fc.assert(property, {
    numRuns: CASES,
    seed: 20_260_615,
    endOnFailure: process.env['SHRINK'] === undefined,
  });
}, 3_600_000);

function reasonsIn(
  errors: readonly { path?: readonly (string | number)[]; extensions?: Record<string, unknown> }[] = [],
) {
  return errors
    .map(({ path = [], extensions }) => `${path.join('.')} ${String(extensions?.['reason'])}`)
    .sort();
}
