/** How many requests may be sent again: a share of those sent at all, so that a subgraph in need gets no second flood. */
export interface RetryBudget {
  /** A request is sent for the first time. */
  earn(): void;
  /** @returns whether a request may be sent again. */
  spend(): boolean;
}

/** Of a retry, earned by each request. */
const SHARE = 0.1;

/** Retries that can be saved up; a new budget has as many, for callers who are few. */
const SAVED = 20;

export function createRetryBudget(): RetryBudget {
  let left = SAVED;
  return {
    earn() {
      left = Math.min(SAVED, left + SHARE);
    },
    spend() {
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
