import type { JournalEntry } from './journal-entry.ts';

/** What should not be in an agency's journal. */
export const FINDING_KINDS = {
  BYPASS: 'shown under a grant that no event answers for',
  REMOVED_EVENT: 'answered for by an event that oversight had read, and that is gone from the log',
  REUSED_GRANT: 'one grant for more than one request',
  OTHER_PRACTITIONER: 'shown to somebody whom the event does not name',
  BEYOND_RELEASE: 'resolved more of a child than the event released',
  UNNAMED_CHILD: 'resolved of a child whom the event does not name',
} as const;

export type FindingKind = keyof typeof FINDING_KINDS;

/** One of them: identifiers and coordinates, and nothing of a record. */
export interface Finding {
  readonly kind: FindingKind;
  readonly subgraph: string;
  readonly jti: string;
  readonly evt: string;
  /** Who signed the grant, as the grant says; null where the journal does not say. */
  readonly iss: string | null;
  /** Of its event in the log of that name, where it is known; decimal digits. */
  readonly index: string | null;
  /** RFC 3339, by the agency's clock. */
  readonly at: string;
  readonly practitioner: string;
  readonly operation: string;
  /** ContactPoint numbers concerned, at most 20. */
  readonly children: readonly string[];
  /** Schema coordinates concerned, at most 20. */
  readonly coordinates: readonly string[];
}

const MOST_NAMED = 20;

/** @param entries Entries of one request at one subgraph, at least one. */
export function findingOf(
  kind: FindingKind,
  subgraph: string,
  entries: readonly [JournalEntry, ...JournalEntry[]],
  coordinates: readonly string[] = entries.flatMap((entry) => entry.coordinates),
): Finding {
  const [{ jti, evt, iss, at, practitioner, operation }] = entries;
  const children = entries.flatMap(({ child }) => child ?? []);
  return {
    ...{ kind, subgraph, jti, evt, iss, at, practitioner, operation, index: null },
    children: [...new Set(children)].slice(0, MOST_NAMED),
    coordinates: [...new Set(coordinates)].sort().slice(0, MOST_NAMED),
  };
}
