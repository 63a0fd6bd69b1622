import type { Facts } from '@contactpoint/access/facts';
import { describe, expect, test } from 'vitest';
import { decide, factsSource, stating } from '../testing/decisions.ts';
import { callerOf, JOINED, NO_RELATIONSHIP, principalOf, TEAM, UNRELATED } from '../testing/personas.ts';
import { createSubjectDecisions } from './authorize-subjects.ts';

type Options = Parameters<typeof createSubjectDecisions>[0];

const KNOWN: Readonly<Record<string, Facts>> = { [JOINED]: TEAM, [UNRELATED]: NO_RELATIONSHIP };

/** Decisions for a screener, the questions they cost, and with what each child was decided. */
function deciding(setting: Partial<Options> = {}) {
  const questions: { children: readonly string[]; anew: boolean | undefined }[] = [];
  const decided: [boolean, Facts][] = [];
  const jtis: string[] = [];
  const decisions = createSubjectDecisions({
    decide(principal, purpose, override, facts) {
      decided.push([override, facts]);
      return decide(principal, purpose, override, facts);
    },
    facts: {
      ...factsSource(KNOWN),
      async find(caller, children, onQuestion, anew) {
        questions.push({ children, anew });
        return await factsSource(KNOWN).find(caller, children, onQuestion);
      },
    },
    principal: principalOf('mash-screener'),
    stated: stating('S47'),
    caller: callerOf('mash-screener', 'S47'),
    onQuestion: (jti) => jtis.push(jti),
    ...setting,
  });
  return { decisions, questions, decided, jtis };
}

describe('createSubjectDecisions', () => {
  test('asks about children who are not decided yet, and about nobody twice', async () => {
    const { decisions, questions, decided, jtis } = deciding();
    await decisions.decideFor([JOINED]);
    const first = decisions.of(JOINED);
    await decisions.decideFor([UNRELATED, JOINED]);
    await decisions.decideFor([JOINED, UNRELATED]);
    await decisions.decideFor([]);
    expect(questions.map(({ children }) => children)).toEqual([[JOINED], [UNRELATED]]);
    expect(decided).toEqual([
      [false, TEAM],
      [false, NO_RELATIONSHIP],
    ]);
    expect(decisions.of(JOINED)).toBe(first);
    expect(jtis).toEqual(['facts-jti', 'facts-jti']);
  });

  test('fetches that need a child at one moment share one question', async () => {
    const { decisions, questions, decided } = deciding();
    await Promise.all([
      decisions.decideFor([JOINED]),
      decisions.decideFor([JOINED]),
      decisions.decideFor([JOINED, UNRELATED]),
    ]);
    expect(questions.map(({ children }) => children)).toEqual([[JOINED], [UNRELATED]]);
    expect(decided).toHaveLength(2);
    expect(decisions.of(JOINED)).toBeDefined();
  });

  test.each([
    [undefined, false],
    [false, false],
    [true, true],
  ])('facts are asked for anew only where it is said: %s', async (anew, asked) => {
    const { decisions, questions } = deciding(anew === undefined ? {} : { anew });
    await decisions.decideFor([JOINED]);
    expect(questions).toEqual([{ children: [JOINED], anew: asked }]);
  });

  test('a child is decided with override where it is named for it, and no other', async () => {
    const { decisions, decided } = deciding({ overridden: new Set([JOINED]) });
    await decisions.decideFor([JOINED, UNRELATED]);
    expect(decided.map(([override]) => override)).toEqual([true, false]);
    expect(decisions.of(JOINED)).toBe(decide(principalOf('mash-screener'), 'S47', true, TEAM));
  });

  test('facts out of reach leave a child undecided, and the cause is kept', async () => {
    const cause = new Error('connection refused');
    const { decisions } = deciding({
      facts: { ...factsSource({}), find: async () => Promise.reject(cause) },
    });
    await expect(decisions.decideFor([JOINED])).rejects.toMatchObject({ code: 'ACCESS_UNDECIDED', cause });
    expect(() => decisions.of(JOINED)).toThrow('without a decision');
  });
});
