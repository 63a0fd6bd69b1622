import type { FieldReading } from './field-access.ts';

/** Whether a field could be read for the stated purpose, in words. */
export interface ReadingWords {
  readonly badge: string;
  readonly more: string;
}

const BADGES = {
  FULL: 'Readable',
  MINIMAL: 'Readable, as part of the minimum',
  BREAK_GLASS: 'With break-glass only',
  NONE: 'Not for this purpose',
} as const;

const NEEDS: Readonly<Record<string, string>> = {
  RELATIONSHIP: 'with a relationship to the child on record',
  ALLOCATION: 'allocated to the child',
  OWN_RECORD: 'where your own organisation holds the record',
};

export function readingWords({ reading, needs, purposes }: FieldReading): ReadingWords {
  const given = needs.map((need) => NEEDS[need] ?? need).join(', and ');
  if (reading !== 'NONE') return { badge: BADGES[reading], more: given };
  const more = purposes.length === 0 ? 'with break-glass for another purpose' : `for ${purposes.join(', ')}`;
  return { badge: BADGES.NONE, more: `open to your role ${more}` };
}
