/** A break-glass window that waits for its review. */
export interface PendingReview {
  readonly openedAt: string;
  /** Oldest first, and at least one. */
  readonly accesses: readonly WindowAccess[];
}

export interface WindowAccess {
  readonly origin: string;
  readonly index: string;
  readonly at: string;
  readonly practitionerId: string | null;
  readonly onBehalfOf: string | null;
  readonly role: string | null;
  readonly organisationId: string | null;
  readonly purpose: string | null;
  readonly reason: string | null;
  readonly operationName: string | null;
  readonly outcome: string;
  readonly subjects: readonly {
    readonly childId: string;
    readonly released: readonly string[];
    readonly withheld: readonly string[];
  }[];
}

/** Children by number, each once. */
export function childrenOf({ accesses }: PendingReview): readonly string[] {
  return [...new Set(accesses.flatMap(({ subjects }) => subjects.map(({ childId }) => childId)))];
}

/** Accesses of one window that are listed with it at most, as the gateway gives them. */
const LISTED = 50;

/** Whether there may be more of them than are listed. */
export function isCutOff({ accesses }: PendingReview): boolean {
  return accesses.length >= LISTED;
}

/** Hours within which somebody has to decide. */
const REVIEW_HOURS = 72;

/** How long is left until the practitioner opens no further window. */
export function dueWords({ openedAt }: PendingReview, now: number): string {
  const hours = Math.floor(REVIEW_HOURS - (now - Date.parse(openedAt)) / 3_600_000);
  return hours < 0 ? 'overdue' : `due within ${hours} ${hours === 1 ? 'hour' : 'hours'}`;
}
