import { randomBytes } from 'node:crypto';
import { eventDigest } from '@contactpoint/access/grant';
import * as v from 'valibot';
import type { SystemRequests } from './system-request.ts';

/** A review that an auditor made and whose consequences are still to be drawn. */
export interface OwedReview {
  /** Place of the reviewed event in the log. */
  readonly origin: string;
  readonly index: string;
  /** Who broke the glass. */
  readonly practitionerId: string | null;
  /** Names of the windows under which the event was decided. */
  readonly windows: readonly string[];
  readonly outcome: 'JUSTIFIED' | 'UNJUSTIFIED';
}

/** Both ends of a review: oversight, which stores it, and accreditation, where it is owed. */
export interface OverrideReviews {
  /** Unjustified ones first. */
  owed(): Promise<readonly OwedReview[]>;
  /** Tells accreditation that the windows were reviewed; twice is once. */
  close(review: OwedReview): Promise<void>;
  /** Tells oversight that nothing is left to do; twice is once. */
  carriedOut(review: OwedReview): Promise<void>;
}

const Owed = v.object({
  reviews: v.array(
    v.object({
      origin: v.string(),
      index: v.string(),
      practitionerId: v.nullable(v.string()),
      windows: v.array(v.string()),
      outcome: v.picklist(['JUSTIFIED', 'UNJUSTIFIED']),
    }),
  ),
});

export function createOverrideReviews(
  requests: SystemRequests,
  /** Base URLs. */
  urls: { readonly oversight: string; readonly accreditation: string },
): OverrideReviews {
  // Nothing of a child is read under these; no event stands behind them.
  const nameless = () => eventDigest(randomBytes(16));
  const oversight = (path: string) => ({ aud: 'oversight', url: urls.oversight, path });
  return {
    async owed() {
      return v.parse(Owed, await requests.send(oversight('/override-reviews/owed'), {}, nameless())).reviews;
    },
    async close({ windows, outcome }) {
      const route = { aud: 'accreditation', url: urls.accreditation, path: '/overrides/reviewed' };
      await requests.send(route, { windows, outcome }, nameless());
    },
    async carriedOut({ origin, index }) {
      await requests.send(oversight('/override-reviews/carried-out'), { origin, index }, nameless());
    },
  };
}
