import { type Finding, findingOf } from './finding.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { LoggedChild, LoggedEvent } from './logged-grants.ts';

/**
 * Operations whose entries say what of a child was resolved; the routes beside the graph show no record. A subscription's
 * grant covers nobody: what its events say of a child beyond the key was not released by any event.
 */
const RESOLVING: ReadonlySet<string> = new Set(['query', 'mutation']);

/** Asked with every child, so that the gateway can tell whose answer it is; the event names the child anyway. */
const SUBJECT_KEY = 'Child.id';

/** What one request at one subgraph turned out to be, held against its events. */
export interface Comparison {
  readonly findings: readonly Finding[];
  /** Children whom no event names: bypasses, but for numbers that nobody has. */
  readonly unnamed: readonly JournalEntry[];
}

/**
 * @param entries Entries of one grant at one subgraph, at least one.
 * @param events Every event that lists the grant: a mutation's intent and outcome may both do.
 */
export function compareEntries(
  subgraph: string,
  entries: readonly [JournalEntry, ...JournalEntry[]],
  events: readonly LoggedEvent[],
): Comparison {
  const findings: Finding[] = [];
  if (isUsedAgain(entries)) findings.push(findingOf('REUSED_GRANT', subgraph, entries));
  const [stranger, ...more] = entries.filter(
    ({ practitioner }) => !events.some(({ practitioners }) => practitioners.has(practitioner)),
  );
  if (stranger !== undefined) findings.push(findingOf('OTHER_PRACTITIONER', subgraph, [stranger, ...more]));

  const unnamed: JournalEntry[] = [];
  for (const entry of entries) {
    const { child, coordinates, operation } = entry;
    if (child !== null && operation === 'subscription') {
      const told = coordinates.filter((coordinate) => coordinate !== SUBJECT_KEY);
      if (told.length > 0) findings.push(findingOf('BEYOND_RELEASE', subgraph, [entry], told));
      continue;
    }
    if (child === null || coordinates.length === 0 || !RESOLVING.has(operation)) continue;
    const said = events.flatMap((event) => {
      const logged = event.children.get(child);
      if (logged === undefined) return [];
      // What was asked for an answer that never left is withheld with it.
      return [event.isUnanswered ? { ...logged, released: logged.withheld } : logged];
    });
    if (said.length === 0) {
      unnamed.push(entry);
      continue;
    }
    const beyond = coordinates.filter((coordinate) => !said.some((logged) => admits(logged, coordinate)));
    if (beyond.length > 0) findings.push(findingOf('BEYOND_RELEASE', subgraph, [entry], beyond));
  }
  return { findings, unnamed };
}

/**
 * A field below the child may be reached in several places (`Contact.name` of a school nurse and of a lead professional).
 * An event that names it as withheld alone may be of a gateway that did so wherever it was withheld in any of them, so
 * that what was resolved may be what was released in another. The child's own fields, through which it is reached, stand
 * in one place.
 */
function admits({ released, withheld }: LoggedChild, coordinate: string): boolean {
  if (coordinate === SUBJECT_KEY) return true;
  return released.has(coordinate) || (!coordinate.startsWith('Child.') && withheld.has(coordinate));
}

/**
 * Every request has one entry outside of children, under its kind: a mutation one more, for its intent, and a subscription
 * one for each event.
 */
function isUsedAgain(entries: readonly JournalEntry[]): boolean {
  const once = entries.filter(({ child, operation }) => child === null && operation !== 'subscription');
  const kinds = once.map(({ operation }) => operation);
  return new Set(kinds).size < kinds.length;
}
