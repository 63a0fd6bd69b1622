/**
 * A break-glass window: for an hour one practitioner's decisions for one child are made with override, and a review of
 * it is owed. Accreditation keeps it, written before anything is released.
 */
export interface OverrideWindow {
  /** ContactPoint number. */
  readonly child: string;
  /** Digest of the access event under which it was opened; names the window everywhere. */
  readonly evt: string;
  /** RFC 3339; compared when a request is decided, so that an answer that is a second old still expires on time. */
  readonly until: string;
}

/** One caller's part of `POST /overrides`, whose body is `{ requests: OverrideRequest[] }`. */
export interface OverrideRequest {
  readonly childId: string;
  /** Grant of the practitioner whose window it is; its `body` is `overrideDigest` of the child, its `evt` names the window. */
  readonly accessGrant: string;
}

/**
 * The window, which may have been open before: then no further review is owed. REVIEW_OVERDUE where the practitioner
 * has left an earlier one without review for too long, REVIEWS_OWED where as many as may are waiting for theirs, NO_ACCOUNT where there is none that is not suspended.
 */
export type OverrideAnswer =
  | { readonly window: OverrideWindow }
  | { readonly refused: 'REVIEW_OVERDUE' | 'REVIEWS_OWED' | 'NO_ACCOUNT' };

/** Verdict of a review, `OverrideOutcome` of the contract. */
export type OverrideOutcome = 'JUSTIFIED' | 'UNJUSTIFIED';

/** The windows whose child counts as opened at `now`. */
export function openAt(windows: readonly OverrideWindow[], now: Date): readonly OverrideWindow[] {
  return windows.filter(({ until }) => now.getTime() < Date.parse(until));
}
