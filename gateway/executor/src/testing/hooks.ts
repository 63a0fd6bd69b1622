import type {
  AuthorizedRequest,
  ExecutionHooks,
  FieldVerdict,
  PendingFetch,
  ReachedSubject,
  ReleaseGate,
} from '../hooks.ts';

export const RELEASE: FieldVerdict = { kind: 'RELEASE' };
export const SILENT: FieldVerdict = { kind: 'SILENT' };
export const WITHHELD: FieldVerdict = {
  kind: 'WITHHOLD',
  error: { message: 'Withheld', extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'PURPOSE' } },
};

export interface HooksInTest {
  readonly authorize?: (fetch: PendingFetch) => readonly AuthorizedRequest[];
  readonly field?: ReleaseGate['field'];
  readonly subject?: ReleaseGate['subject'];
  readonly absentSubject?: ReleaseGate['absentSubject'];
  readonly reached?: (subjects: readonly ReachedSubject[]) => void;
}

/** Hooks that allow everything but what the test says. */
export function hooks(deviations: HooksInTest = {}): ExecutionHooks {
  const { authorize = (fetch) => [allow(fetch)], reached } = deviations;
  return {
    beforeFetch: async (fetch) => authorize(fetch),
    async beforeRelease(subjects) {
      reached?.(subjects);
      return {
        field: deviations.field ?? (() => RELEASE),
        subject: deviations.subject ?? (() => RELEASE),
        absentSubject: deviations.absentSubject ?? (() => RELEASE),
      };
    },
  };
}

/** One request for all that is asked for. */
export function allow(fetch: PendingFetch): AuthorizedRequest {
  const entities = fetch.representations?.map((representation, index) => ({
    index,
    representation,
    decoy: false,
  }));
  return { ...(entities && { entities }), extensions: () => ({}) };
}
