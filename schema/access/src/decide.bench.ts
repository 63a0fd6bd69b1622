/*
 * What a decision costs: `node schema/access/src/decide.bench.ts`. Prints microseconds for a question to Cedar, the first
 * and every later decision of one cell.
 */
import type { AccessQuestion } from './access-question.ts';
import { createDecider } from './decide.ts';
import { loadPolicySet } from './policy-set.ts';

const ROUNDS = 1_000_000;
const QUESTIONS = 2_000;

const started = performance.now();
const policySet = loadPolicySet();
console.log(`load and validate          ${microseconds(started, 1)} µs`);

const who = { role: 'social-worker', sector: 'SOCIAL_CARE' } as const;
const facts = { relationship: 'ALLOCATED', shielded: false, ownRecord: true } as const;
const question: AccessQuestion = {
  who,
  purpose: 'S47',
  override: false,
  facts,
  sector: 'HEALTH',
  sensitivityClass: 'SPECIAL',
  action: 'read',
};
measure('one question to Cedar', QUESTIONS, () => policySet.answer(question));

const cold = performance.now();
createDecider(policySet)(who, 'S47', false, facts).of('HEALTH', 'SPECIAL');
console.log(`first decision of a cell   ${microseconds(cold, 1)} µs`);

const decide = createDecider(policySet);
measure('remembered decision', ROUNDS, () => decide(who, 'S47', false, facts));
measure('remembered decision, cell', ROUNDS, () => decide(who, 'S47', false, facts).of('HEALTH', 'SPECIAL'));
const decision = decide(who, 'S47', false, facts);
measure('grant for a sector', ROUNDS, () => decision.grantFor('HEALTH'));

function measure(name: string, rounds: number, run: () => unknown): void {
  for (let round = 0; round < rounds / 10; round++) run();
  const start = performance.now();
  for (let round = 0; round < rounds; round++) run();
  console.log(`${name.padEnd(26)} ${microseconds(start, rounds)} µs`);
}

function microseconds(start: number, rounds: number): string {
  return (((performance.now() - start) * 1000) / rounds).toFixed(3);
}
