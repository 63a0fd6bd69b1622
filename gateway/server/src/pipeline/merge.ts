import type { Verdict, WithheldReason } from '@contactpoint/access/decision';
import { maySearch } from '@contactpoint/access/doors';
import type { Role } from '@contactpoint/access/role';
import type { ExecutionHooks, FieldVerdict, ReachedSubject } from '@contactpoint/executor/hooks';
import type { CoordinateRefusals } from './authorize-coordinates.ts';
import type { SubjectDecisions } from './authorize-subjects.ts';

const MESSAGES: Readonly<Record<WithheldReason, string>> = {
  SCOPE: 'The account lacks a scope that the field needs',
  POLICY: 'No policy permits the role to read the field',
  PURPOSE: 'The stated purpose does not permit the role to read the field',
  RELATIONSHIP: 'The field needs a recorded relationship to the child',
};

/** Doors to one named child; their null must look the same whether there is no child or no relationship. */
const DOORS_TO_ONE_CHILD = new Set(['Query.child', 'Query.childByIdentifier']);

/**
 * Merge step: the second look at every field, when it is known whose it is. It does not ask what was fetched or what an
 * agency chose to answer: a value that a decision does not release stays here.
 */
export function createMergeStep(options: {
  readonly refusals: CoordinateRefusals;
  readonly decisions: SubjectDecisions | undefined;
  readonly role: Role;
  /** Of whoever reads on behalf of the practitioner. */
  readonly mediatorRole?: Role | undefined;
  /** Told what was reached, after it was decided. */
  readonly onReached: (subjects: readonly ReachedSubject[]) => void;
}): ExecutionHooks['beforeRelease'] {
  const { refusals, decisions, role, mediatorRole } = options;
  const mayAllSearch = maySearch(role) && (mediatorRole === undefined || maySearch(mediatorRole));

  return async (subjects) => {
    await decisions?.decideFor(subjects.map(({ id }) => id));
    options.onReached(subjects);

    return {
      field: (subject, subjectField, coordinate) =>
        fieldVerdict(judgeCoordinate(refusals, decisions, subject, subjectField, coordinate)),
      subject: (id, type) =>
        fieldVerdict(judgeCoordinate(refusals, decisions, id, `${type}.id`, `${type}.id`)),
      absentSubject: (coordinate) =>
        DOORS_TO_ONE_CHILD.has(coordinate) && !mayAllSearch ? WITHHOLD.RELATIONSHIP : RELEASE,
    };
  };
}

/**
 * What becomes of one coordinate of one subject. Without a decision, or without a class, it is withheld.
 *
 * @param subject Undefined above the first subject, where the coordinate rules are all there is to satisfy.
 */
export function judgeCoordinate(
  refusals: CoordinateRefusals,
  decisions: SubjectDecisions | undefined,
  subject: string | undefined,
  subjectField: string | undefined,
  coordinate: string,
): Verdict {
  if (subject === undefined) return refusals.verdict(subjectField, coordinate) ?? RELEASED;
  return refusals.under(decisions?.of(subject)).of(subjectField ?? '', coordinate);
}

const RELEASED: Verdict = { released: true, policies: [] };

const RELEASE: FieldVerdict = { kind: 'RELEASE' };
const SILENT: FieldVerdict = { kind: 'SILENT' };

function fieldVerdict(verdict: Verdict): FieldVerdict {
  if (verdict.released) return RELEASE;
  return verdict.reason === undefined ? SILENT : WITHHOLD[verdict.reason];
}

const WITHHOLD: Readonly<Record<WithheldReason, FieldVerdict>> = {
  SCOPE: { kind: 'WITHHOLD', error: withheldError('SCOPE') },
  POLICY: { kind: 'WITHHOLD', error: withheldError('POLICY') },
  PURPOSE: { kind: 'WITHHOLD', error: withheldError('PURPOSE') },
  RELATIONSHIP: { kind: 'WITHHOLD', error: withheldError('RELATIONSHIP') },
};

export function withheldError(reason: WithheldReason) {
  return { message: MESSAGES[reason], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason } };
}
