import { createHash } from 'node:crypto';
import type { Finding } from './finding.ts';
import type { AlertSettings } from './settings.ts';

/** What the agencies' comparison says of a practitioner and a child: yes or no, and no value. */
export interface Comparison {
  readonly childId: string;
  /** Whether anybody has the number. */
  readonly known: boolean;
  /** Whether an involvement of the practitioner's is on record since the day of the access. */
  readonly related: boolean;
  /** Whether one is that the practitioner did not record alone. */
  readonly given: boolean;
  /** The practitioner's own family name, now or before. */
  readonly ownFamily: boolean;
  /** A carer has the practitioner's given and family name. */
  readonly ownChild: boolean;
  /** Somebody of the practitioner's organisation has the name of a carer. */
  readonly colleague: boolean;
  /** Lives outside the area of the practitioner's organisation. */
  readonly outsideArea: boolean;
  /** Children with the same number live at one address, and no other child does. Means nothing beyond this answer. */
  readonly household: number | null;
}

/** A child whom a practitioner met on a day, as the log has it and as the agencies compared it. */
export interface ComparedReading extends Comparison {
  readonly practitionerId: string;
  readonly organisationId: string;
  readonly role: string;
  /** In Europe/London, `YYYY-MM-DD`. */
  readonly day: string;
  /** First event of it on that day. */
  readonly at: string;
  readonly origin: string;
  readonly index: string;
  /** False for who only stood among the candidates of a search. */
  readonly opened: boolean;
  /** Whether the time is over within which a relationship may still be made. */
  readonly settled: boolean;
}

/** A rule over everybody whom one practitioner met on one day. */
export type ReadingRule = (
  readings: readonly ComparedReading[],
  settings: AlertSettings,
) => readonly Finding[];

/** One finding for all of these readings of one practitioner; none for none. */
export function findingOf(
  readings: readonly ComparedReading[],
  occasion: string,
  note: string,
): readonly Finding[] {
  const inOrder = readings.toSorted(
    (one, other) =>
      one.at.localeCompare(other.at) ||
      one.origin.localeCompare(other.origin) ||
      Number(one.index) - Number(other.index),
  );
  const [first] = inOrder;
  const last = inOrder.at(-1);
  if (first === undefined || last === undefined) return [];
  return [
    {
      practitionerId: first.practitionerId,
      organisationId: last.organisationId,
      at: last.at,
      occasion,
      note,
      events: inOrder.map(({ origin, index }) => ({ origin, index })),
    },
  ];
}

/** One child in one quarter of a year: who works with a child is not told of it every day. Names nobody. */
export function quarterOf({ day, childId }: ComparedReading): string {
  const quarter = Math.ceil(Number(day.slice(5, 7)) / 3);
  return `${day.slice(0, 4)}-Q${quarter} ${nameless(childId)}`;
}

export function nameless(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
