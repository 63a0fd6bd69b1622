import type { PurposeOfUse } from '@contactpoint/access/purpose';
import { ROLES } from '@contactpoint/access/role';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, openBench, type Traces } from './bench/bench.ts';
import type { Caller } from './bench/caller.ts';
import { canariesIn } from './bench/canary.ts';
import { purposesOf } from './bench/oracle/matrix.ts';
import { randomCaller } from './bench/random-caller.ts';
import { randomQuestion } from './bench/random-question.ts';
import { readRequest } from './bench/recorder.ts';
import { CHILDREN } from './bench/world.ts';

const CASES = process.env['NIGHTLY'] === '1' ? 4_000 : 100;
const RUN = {
  seed: Number(process.env['SEED'] ?? 20_260_615),
  endOnFailure: process.env['SHRINK'] === undefined,
};

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** Two people who know the same children differently, mostly for a purpose that both of their roles have. */
const pair = fc.constantFrom<PurposeOfUse>('S47', 'ED', 'DC', 'EH').chain((purpose) => {
  const having = ROLES.filter((role) => purposesOf(role).includes(purpose));
  const somebody = fc
    .tuple(randomCaller, fc.option(fc.constantFrom(...having), { freq: 6 }))
    .map(([caller, role]): Caller => ({ ...caller, role: role ?? caller.role, purpose }));
  return fc.tuple(somebody, somebody).map(([one, other]): readonly [Caller, Caller] => [
    { ...one, practitionerId: 'p-mediator' },
    // A shield is the child's, whoever asks.
    {
      ...other,
      practitionerId: 'p-colleague',
      facts: Object.fromEntries(
        Object.entries(other.facts).map(([child, facts]) => [
          child,
          { ...facts, shielded: one.facts[child]?.shielded ?? facts.shielded },
        ]),
      ),
    },
  ]);
});

test(`${CASES} random operations on somebody’s behalf show no more than either of the two is shown alone`, async () => {
  let shown = 0;
  const property = fc.asyncProperty(
    pair,
    randomQuestion(bench.schema),
    fc.nat(1_000),
    async (two, question, seed) => {
      const [mediator, colleague] = two;
      bench.setWorld({ seed });
      const together = await bench.ask({ ...mediator, onBehalfOf: colleague }, question);
      const granted = await grantsIn(together);
      for (const caller of [mediator, colleague]) {
        const alone = await bench.ask(caller, question);
        const { text } = alone;
        expect([...canariesIn(together.text)].filter((canary) => !canariesIn(text).has(canary))).toEqual([]);
        expect(CHILDREN.filter((child) => together.text.includes(child) && !text.includes(child))).toEqual(
          [],
        );
        const own = await grantsIn(alone);
        expect([...granted].filter((each) => !own.has(each))).toEqual([]);
      }
      expect([...canariesIn(together.kept)]).toEqual([]);
      shown += canariesIn(together.text).size;
      for (const event of together.events)
        expect(event).toMatchObject({ practitioner: 'p-colleague', mediator: 'p-mediator' });
    },
  );
  await fc.assert(property, { ...RUN, numRuns: CASES });
  // Or it would hold because nothing is ever shown.
  expect(shown).toBeGreaterThan(0);
}, 7_200_000);

/** What agencies were told that they may show: agency, child, class, level, each level with those below it. */
async function grantsIn({ requests }: Traces): Promise<ReadonlySet<string>> {
  const asked = await Promise.all(requests.map((request) => readRequest(bench, request)));
  const granted = asked.flatMap(({ agency, grant }) =>
    Object.entries(grant.children).flatMap(([child, classes]) =>
      Object.entries(classes).flatMap(([name, level]) =>
        (level === 'FULL' ? ['FULL', 'MINIMAL'] : [level]).map((each) =>
          [agency, child, name, each].join(' '),
        ),
      ),
    ),
  );
  // A decoy stands for a child who is denied; its number is drawn anew each time.
  return new Set(granted.filter((each) => CHILDREN.some((child) => each.includes(child))));
}
