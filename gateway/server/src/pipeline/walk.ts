import type { SearchCount, SubjectDecision } from '@contactpoint/audit-log/access-event';
import { joinSubjects } from './questioned-subjects.ts';
import type { NamedSubject } from './subject-access.ts';
import type { OpenedSubscription } from './subscription.ts';

/** What the event says of children; filled on the way, so that a refusal halfway has it too. */
export interface Walk {
  subjects: readonly SubjectDecision[];
  /** Children of whom the log was asked: nothing of their record is shown. */
  questioned: readonly SubjectDecision[];
  /** How children were looked for. */
  searches?: SearchCount | undefined;
  /** Children named in arguments. */
  named: readonly NamedSubject[];
  /** What agencies were asked; one entry for each request. */
  readonly asked: AskedChildren[];
  isMutation: boolean;
  /** A subscription that was opened: it ends with a start that is not on record. */
  opened?: OpenedSubscription | undefined;
}

/** One request to an agency, as far as the event of a request that then failed has to name its children. */
export interface AskedChildren {
  /** None for a request at the root: whom it finds is known by the answer alone. */
  readonly children: readonly string[];
  /** What the text asks for, but for what was left out of it. */
  readonly coordinates: readonly string[];
  readonly omit: ReadonlySet<string>;
}

export function startWalk(): Walk {
  return { subjects: [], questioned: [], named: [], asked: [], isMutation: false };
}

/**
 * Children of a request that ends without its answer, all withheld. Agencies may have resolved and journaled what they were
 * asked: without them in the event it would look as though somebody had gone past the gateway.
 */
export function unanswered({ subjects, named, asked }: Walk): readonly SubjectDecision[] {
  if (asked.length === 0) return withheldWhole(subjects);
  const ofNamed = named.map(({ id, coordinates }) =>
    withheldOf(
      id,
      coordinates.map(({ coordinate }) => coordinate),
    ),
  );
  const ofAsked = asked.flatMap(({ children, coordinates, omit }) =>
    children.map((child) =>
      withheldOf(
        child,
        coordinates.filter((coordinate) => !omit.has(coordinate)),
      ),
    ),
  );
  return joinSubjects([...withheldWhole(subjects), ...ofNamed, ...ofAsked]);
}

/** Whether a deed was asked for, so that it may have been done whatever became of its answer. */
export function mayBeDone({ isMutation, asked }: Walk): boolean {
  return isMutation && asked.length > 0;
}

export function withheldWhole(subjects: readonly SubjectDecision[]): readonly SubjectDecision[] {
  return subjects.map(({ released, withheld, ...subject }) => ({
    ...subject,
    released: [],
    withheld: [...new Set([...released, ...withheld])].sort(),
  }));
}

function withheldOf(child: string, coordinates: readonly string[]): SubjectDecision {
  return { child, released: [], withheld: [...new Set(coordinates)].sort(), policies: [] };
}
