import { describe, expect, test } from 'vitest';
import { contractOwners } from './field-owners.ts';
import type { LoggedEvent } from './logged-grants.ts';
import { SilentJournals } from './silent-journals.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const FIELDS = { health: 'Child.conditions', education: 'Child.enrolments', nobody: 'Child.id' } as const;

interface Situation {
  /** Second of an unjournaled request, and whose field was released. */
  readonly asked: readonly (readonly [number, keyof typeof FIELDS])[];
  /** Seconds of entries of health. */
  readonly entries?: readonly number[];
  readonly outcome?: LoggedEvent['outcome'];
  readonly fromBeginning?: boolean;
  readonly subgraphs?: readonly string[];
}

function silent(situation: Situation) {
  const { asked, entries = [], outcome = 'RELEASED', fromBeginning = true } = situation;
  const { subgraphs = ['health', 'education'] } = situation;
  const journals = new SilentJournals({
    ...{ subgraphs, owners: contractOwners(), fromBeginning },
  });
  journals.noteEntry('education', NOON - 3_600_000);
  for (const second of entries) journals.noteEntry('health', NOON + second * 1_000);
  for (const [second, agency] of asked) {
    const keptAt = new Date(NOON + second * 1_000).toISOString();
    const released = new Set([FIELDS.nobody, FIELDS[agency]]);
    const grant = {
      jti: `j${second}`,
      evt: `e${second}`,
      origin: 'o',
      index: '0',
      keptAt,
      part: 1,
      parts: 1,
    };
    const children = new Map([['c', { released, withheld: new Set<string>() }]]);
    const event = { at: keptAt, practitioners: new Set<string>(), outcome, isUnanswered: false, children };
    journals.noteUnjournaled(grant, event);
  }
  return journals.conclude();
}

describe('a journal', () => {
  test('without an entry is silent about what was released of its agency, which is named', () => {
    expect(
      silent({
        asked: [
          [0, 'health'],
          [60, 'health'],
          [90, 'nobody'],
        ],
      }),
    ).toEqual([
      {
        ...{ subgraph: 'health', requests: 2, begins: null },
        ...{ from: '2026-11-22T12:00:00.000Z', to: '2026-11-22T12:01:00.000Z' },
      },
    ]);
  });

  test('of accreditation is silent about whoever was shown something', () => {
    const situation = { asked: [[0, 'education']], subgraphs: ['education', 'accreditation'] } as const;
    expect(silent(situation)).toMatchObject([{ subgraph: 'accreditation', requests: 1 }]);
  });

  test('that begins anew is silent about what came before', () => {
    const asked = [
      [0, 'health'],
      [600, 'health'],
    ] as const;
    expect(silent({ asked, entries: [700, 300] })).toMatchObject([
      { subgraph: 'health', requests: 1, begins: '2026-11-22T12:05:00.000Z' },
    ]);
  });

  test.each([
    ['lacks single requests: fetches that failed', { asked: [[10, 'health']], entries: [0, 20] }],
    ['is read from the middle', { asked: [[0, 'health']], entries: [20], fromBeginning: false }],
    [
      'is of an agency that was not asked',
      {
        asked: [
          [0, 'education'],
          [5, 'nobody'],
        ],
      },
    ],
    ['lacks what was refused', { asked: [[0, 'health']], outcome: 'REFUSED' }],
  ] satisfies [string, Situation][])('is not silent that %s', (_case, situation) => {
    expect(silent(situation)).toEqual([]);
  });
});
