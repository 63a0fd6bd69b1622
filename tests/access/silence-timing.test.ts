import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { compareDistributions, type Pair } from './distributions.ts';
import { PLACES_AND_SERVICES, SEALED } from './operations/silence.ts';

/** `npm run test:nightly` only: distributions want an idle machine, and more requests than anybody waits for. */
const isNightly = process.env['NIGHTLY'] === '1';
if (!isNightly) {
  console.warn('\n  !! LEFT OUT: whether the time that an answer takes tells. NIGHTLY=1 measures it.\n');
}
const PAIRS = Number(process.env['PAIRS'] ?? 3_000);

/** Requests before any is measured: compiled code, plans, connections. */
const WARM = 200;

/** Chance of a false alarm in each comparison. */
const CHANCE = 0.001;

let system: TestSystem;
beforeAll(async () => {
  if (isNightly) system = await startTestSystem();
});
afterAll(() => system?.remove());

interface Situation {
  readonly persona: string;
  readonly purpose: string;
  readonly query: string;
}

describe.runIf(isNightly)('how long an answer takes does not tell', () => {
  test.each([
    ['general-practitioner', 'DC'],
    ['mash-screener', 'S47'],
  ])(
    '%s (%s) a shielded child from one who has nothing',
    async (persona, purpose) => {
      const { shielded, empty } = system.scenarios;
      const pairs = await measure({ persona, purpose, query: PLACES_AND_SERVICES }, shielded, empty);
      expect(compared(pairs).probability).toBeGreaterThan(CHANCE);
    },
    1_800_000,
  );

  test('safeguarding-lead (ED) a shielded child, where the directory alone is asked', async () => {
    const { shielded, empty } = system.scenarios;
    const query = 'query ($id: ID!) { child(id: $id) { addresses { town } involvements { id } } }';
    const pairs = await measure({ persona: 'safeguarding-lead', purpose: 'ED', query }, shielded, empty);
    expect(compared(pairs).probability).toBeGreaterThan(CHANCE);
  }, 1_800_000);

  test.each([
    ['social-worker', 'S17'],
    ['emergency-clinician', 'EC'],
  ])(
    '%s (%s) what is sealed from what is not there',
    async (persona, purpose) => {
      const { sensitive, joined } = system.scenarios;
      const pairs = await measure({ persona, purpose, query: SEALED }, sensitive, joined);
      expect(compared(pairs).probability).toBeGreaterThan(CHANCE);
    },
    1_800_000,
  );

  test('and would, were there anything to tell', async () => {
    const { joined, empty } = system.scenarios;
    const open = { persona: 'general-practitioner', purpose: 'DC', query: PLACES_AND_SERVICES };
    expect(compared(await measure(open, joined, empty)).probability).toBeLessThan(CHANCE);
  }, 1_800_000);
});

/** Milliseconds of the two children's answers, in turn, by chance the one or the other first. */
async function measure(situation: Situation, one: string, other: string): Promise<Pair[]> {
  const { persona, ...asked } = situation;
  const timeOf = async (id: string) => {
    const begun = performance.now();
    const { status } = await system.ask(persona, { ...asked, variables: { id } });
    const took = performance.now() - begun;
    expect(status).toBe(200);
    return took;
  };
  const pairs: Pair[] = [];
  for (let turn = -WARM; turn < PAIRS; turn++) {
    const isOneFirst = Math.random() < 0.5;
    const first = await timeOf(isOneFirst ? one : other);
    const second = await timeOf(isOneFirst ? other : one);
    if (turn >= 0) pairs.push(isOneFirst ? [first, second] : [second, first]);
  }
  return pairs;
}

/** Says the figures, whatever they are: a difference that is not certain yet is worth knowing. */
function compared(pairs: readonly Pair[]) {
  const comparison = compareDistributions(pairs, Math.random);
  const [one, other] = comparison.medians.map((median) => `${median.toFixed(2)} ms`);
  process.stdout.write(
    `${pairs.length} pairs, medians ${one} and ${other}, ` +
      `distance ${comparison.distance.toFixed(4)}, p ${comparison.probability.toFixed(4)}\n`,
  );
  return comparison;
}
