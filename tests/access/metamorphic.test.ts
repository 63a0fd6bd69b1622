import { PURPOSES, type PurposeOfUse } from '@contactpoint/access/purpose';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RENAMED } from './bench/agencies.ts';
import { type Bench, openBench } from './bench/bench.ts';
import { type Caller, factsOf, type Question } from './bench/caller.ts';
import { canariesIn } from './bench/canary.ts';
import { purposesOf } from './bench/oracle/matrix.ts';
import { randomCaller } from './bench/random-caller.ts';
import { randomQuestion } from './bench/random-question.ts';
import {
  aliased,
  doubled,
  halves,
  included,
  inlined,
  type Rewriting,
  reordered,
  rewritten,
  skipped,
} from './bench/rewrite-operation.ts';
import { CHILDREN } from './bench/world.ts';

/*
 * What must hold without anybody knowing the right answer: the same question in another shape gives nothing more, and a
 * caller with a right less gets nothing more.
 */

const CASES = process.env['NIGHTLY'] === '1' ? 1_000 : 40;
const RUN = { seed: Number(process.env['SEED'] ?? 20_260_616), numRuns: CASES, endOnFailure: true };

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

interface Case {
  readonly seed: number;
  readonly caller: Caller;
  readonly question: Question;
}

function randomCase(): fc.Arbitrary<Case> {
  return fc.record({ seed: fc.nat(1_000), caller: randomCaller, question: randomQuestion(bench.schema, 4) });
}

/** @returns undefined where an operation is too large, as another shape of it may be. */
async function released(of: Bench, { seed, caller, question }: Case): Promise<readonly string[] | undefined> {
  of.setWorld({ seed });
  const { response, text } = await of.ask(caller, question);
  if (response.body.errors?.[0]?.extensions?.['code'] === 'OPERATION_TOO_COMPLEX') return undefined;
  expect(response.status).toBe(200);
  return [...canariesIn(text)].sort();
}

async function holds(check: (each: Case, before: readonly string[]) => Promise<void>): Promise<void> {
  const property = fc.asyncProperty(randomCase(), async (each) => {
    const before = await released(bench, each);
    if (before !== undefined) await check(each, before);
  });
  await fc.assert(property, RUN);
}

test.each<[string, Rewriting, 'the same' | 'no more']>([
  ['with its fragments inlined', inlined, 'the same'],
  ['with every field aliased', aliased, 'the same'],
  ['backwards', reordered, 'the same'],
  ['on conditions that hold', included, 'the same'],
  ['on conditions that do not hold', skipped, 'no more'],
  ['with everything asked for twice', doubled, 'the same'],
])(
  'an operation %s gives no more',
  async (_case, rewriting, result) => {
    await holds(async (each, before) => {
      const after = await released(bench, { ...each, question: rewritten(each.question, rewriting) });
      if (after === undefined) return;
      expect(after.filter((canary) => !before.includes(canary))).toEqual([]);
      if (result === 'the same') expect(after).toEqual(before);
    });
  },
  3_600_000,
);

test('two halves of an operation give what the whole gives', async () => {
  await holds(async ({ caller, ...rest }) => {
    // Break-glass opens for the children whom an operation names, so that halves that name fewer open less.
    const each = { ...rest, caller: { ...caller, opened: [] } };
    const before = await released(bench, each);
    const after: string[] = [];
    for (const question of halves(each.question))
      after.push(...((await released(bench, { ...each, question })) ?? []));
    expect([...new Set(after)].sort()).toEqual(before);
  });
}, 3_600_000);

test('under other names of their directives the agencies’ supergraph gives the same', async () => {
  const renamed = await openBench({ names: RENAMED });
  try {
    await holds(async (each, before) => expect(await released(renamed, each)).toEqual(before));
  } finally {
    await renamed.close();
  }
}, 3_600_000);

const STRANGER = { relationship: 'NONE', ownRecord: false } as const;

test.each<[string, (caller: Caller, child: string) => Caller]>([
  ['a relationship', (caller, child) => withFacts(caller, child, (facts) => ({ ...facts, ...STRANGER }))],
  [
    'an allocation',
    (caller, child) =>
      withFacts(caller, child, (facts) => ({
        ...facts,
        relationship: facts.relationship === 'ALLOCATED' ? 'TEAM' : facts.relationship,
      })),
  ],
  [
    'the own record',
    (caller, child) => withFacts(caller, child, (facts) => ({ ...facts, ownRecord: false })),
  ],
  [
    'sight of a place, by a shield',
    (caller, child) => withFacts(caller, child, (facts) => ({ ...facts, shielded: true })),
  ],
  ['the glass broken', (caller) => ({ ...caller, opened: [] })],
  ['a scope', (caller) => ({ ...caller, scopes: caller.scopes.slice(1) })],
  ['every scope', (caller) => ({ ...caller, scopes: [] })],
])(
  'without %s there is nothing more to see',
  async (_case, without) => {
    await holds(async (each, before) => {
      for (const child of CHILDREN.slice(0, 2)) {
        const after = await released(bench, { ...each, caller: without(each.caller, child) });
        expect(after?.filter((canary) => !before.includes(canary))).toEqual([]);
      }
    });
  },
  3_600_000,
);

test('for any other purpose there is nothing more to see than for the role’s own', async () => {
  const other = fc.constantFrom(...(Object.keys(PURPOSES) as PurposeOfUse[]));
  const property = fc.asyncProperty(randomCase(), other, async (each, purpose) => {
    const [own] = purposesOf(each.caller.role);
    if (own === undefined) return;
    const best = await released(bench, { ...each, caller: { ...each.caller, purpose: own } });
    const after = await released(bench, { ...each, caller: { ...each.caller, purpose } });
    expect(after?.filter((canary) => !best?.includes(canary))).toEqual([]);
  });
  await fc.assert(property, RUN);
}, 3_600_000);

function withFacts(
  caller: Caller,
  child: string,
  change: (facts: NonNullable<Caller['facts'][string]>) => NonNullable<Caller['facts'][string]>,
): Caller {
  return { ...caller, facts: { ...caller.facts, [child]: change(factsOf(caller, child)) } };
}
