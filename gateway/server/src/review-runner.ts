import type { Logger } from 'pino';
import type { OverrideReviews, OwedReview } from './subgraphs/override-reviews.ts';
import type { Suspend } from './subgraphs/suspension.ts';

/** Draws the consequences of reviews of break-glass. */
export interface ReviewRunner {
  /**
   * Resolves when every review that was stored at the call has had its consequences, or after a while: what is left is
   * still owed and tried again. Never rejects.
   */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds between two looks without a review through this gateway. */
const INTERVAL = 10_000;

/** Milliseconds until the next look where something is left: a log that has just booted takes nothing for a moment. */
const SOON = 1_000;

/** Milliseconds that a request waits for the consequences of its own review. */
const PATIENCE = 5_000;

export interface ReviewRunnerOptions {
  readonly reviews: OverrideReviews;
  readonly suspend: Suspend;
  /** Told whose account is no longer what it was. */
  readonly onChanged: (practitionerId: string) => void;
  readonly logger: Logger;
  readonly interval?: number;
  readonly patience?: number;
}

/** Looks at once, after each review, and now and then: a gateway that died on the way is made up for by the next look. */
export function createReviewRunner(options: ReviewRunnerOptions): ReviewRunner {
  const { interval = INTERVAL, patience = PATIENCE } = options;
  let running: Promise<void> | undefined;
  let following: Promise<void> | undefined;

  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const start = (): Promise<void> => {
    clearTimeout(timer);
    const run = drawConsequences(options).then((isAllDone) => {
      running = undefined;
      if (!isClosed)
        timer = setTimeout(() => void runFromNow(), isAllDone ? interval : Math.min(SOON, interval));
    });
    running = run;
    return run;
  };
  /** A run that is under way may have read what is owed before the call: the next one counts, for all who wait. */
  const runFromNow = (): Promise<void> => {
    if (running === undefined) return start();
    following ??= running.then(() => {
      following = undefined;
      return start();
    });
    return following;
  };

  void start();
  return {
    async settle() {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const waiting = setTimeout(resolve, patience);
      await Promise.race([runFromNow(), late]);
      clearTimeout(waiting);
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await following;
      await running;
    },
  };
}

/**
 * Each on its own: one that cannot be carried out does not hold up the others. Never rejects.
 *
 * @returns False where something is left.
 */
async function drawConsequences({
  reviews,
  suspend,
  onChanged,
  logger,
}: ReviewRunnerOptions): Promise<boolean> {
  let isAllDone = true;
  const failed = (cause: unknown, review?: OwedReview) => {
    isAllDone = false;
    logger.error(
      {
        type: cause instanceof Error ? cause.name : typeof cause,
        ...(review === undefined ? {} : { event: `${review.origin} ${review.index}` }),
      },
      'a review of break-glass was not carried out',
    );
  };
  const owed = await reviews.owed().catch((cause: unknown) => {
    failed(cause);
    return [];
  });
  for (const review of owed) {
    try {
      await carryOut(review, reviews, suspend);
      if (review.practitionerId !== null) onChanged(review.practitionerId);
    } catch (cause) {
      failed(cause, review);
    }
  }
  return isAllDone;
}

/**
 * Every step can be repeated, and the review is owed until the last one is done. Accreditation hears of the window
 * first: where it is out of reach nothing else is begun, and no intent is recorded over and over.
 */
async function carryOut(review: OwedReview, reviews: OverrideReviews, suspend: Suspend): Promise<void> {
  await reviews.close(review);
  if (review.outcome === 'UNJUSTIFIED' && review.practitionerId !== null) {
    const reason = `Break-glass access ${review.origin} ${review.index} was found unjustified`;
    await suspend(review.practitionerId, reason);
  }
  await reviews.carriedOut(review);
}
