import type { AccessOutcome } from '@contactpoint/audit-log/access-event';
import { describe, expect, test } from 'vitest';
import { compareEntries } from './compare-entries.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { LoggedEvent } from './logged-grants.ts';

const CHILD = '8Z4K2M0QWX7R5T1B';

const entry: JournalEntry = {
  ...{ jti: 'a', evt: '0'.repeat(64), iss: null, at: '2026-11-22T12:00:00Z', practitioner: 'p' },
  ...{ operation: 'query', child: CHILD, coordinates: ['Child.id', 'Child.addresses', 'Contact.name'] },
};

interface Said {
  readonly outcome?: AccessOutcome;
  readonly isUnanswered?: boolean;
  readonly released?: readonly string[];
  readonly withheld?: readonly string[];
}

function eventOf({
  outcome = 'RELEASED',
  isUnanswered = false,
  released = [],
  withheld = [],
}: Said): LoggedEvent {
  const children = new Map([[CHILD, { released: new Set(released), withheld: new Set(withheld) }]]);
  return { at: entry.at, practitioners: new Set(['p']), outcome, isUnanswered, children };
}

const beyond = (said: Said) =>
  compareEntries('directory', [entry], [eventOf(said)]).findings.map(({ kind, coordinates }) => [
    kind,
    coordinates,
  ]);

describe('what an agency resolved of a child', () => {
  test.each<[string, Said]>([
    ['was released', { released: ['Child.addresses', 'Contact.name'] }],
    ['was withheld in one of several places', { released: ['Child.addresses'], withheld: ['Contact.name'] }],
    [
      'was asked for an answer that never left',
      { outcome: 'REFUSED', isUnanswered: true, withheld: ['Child.addresses', 'Contact.name'] },
    ],
    [
      'came of a deed that was not answered',
      { outcome: 'PARTIAL', isUnanswered: true, withheld: ['Child.addresses', 'Contact.name'] },
    ],
  ])('and %s is on record', (_case, said) => {
    expect(beyond(said)).toEqual([]);
  });

  test.each<[string, Said]>([
    ['was withheld', { outcome: 'PARTIAL', released: ['Contact.name'], withheld: ['Child.addresses'] }],
    ['was withheld with all the rest', { outcome: 'REFUSED', withheld: ['Child.addresses', 'Contact.name'] }],
    ['was not asked for', { outcome: 'REFUSED', isUnanswered: true, withheld: ['Contact.name'] }],
  ])('and %s is more than the event says', (_case, said) => {
    expect(beyond(said)).toEqual([['BEYOND_RELEASE', ['Child.addresses']]]);
  });
});

describe('a subscription', () => {
  const event = (child: string | null, coordinates: readonly string[]): JournalEntry => ({
    ...entry,
    operation: 'subscription',
    child,
    coordinates: [...coordinates],
  });
  const kindsOf = (...entries: [JournalEntry, ...JournalEntry[]]) =>
    compareEntries('directory', entries, [eventOf({})]).findings.map(({ kind }) => kind);

  test('has an entry for its opening and for each event, under one grant', () => {
    expect(kindsOf(event(null, []), event(null, ['Change.at']), event(CHILD, ['Child.id']))).toEqual([]);
    expect(kindsOf({ ...entry, child: null }, { ...entry, child: null })).toEqual(['REUSED_GRANT']);
  });

  test('tells of a child that there is one, and no more', () => {
    expect(kindsOf(event(null, []), event(CHILD, ['Child.id', 'Child.addresses']))).toEqual([
      'BEYOND_RELEASE',
    ]);
  });
});
