import type { OverrideOutcome } from '@contactpoint/access/override';
import type { Store } from '@contactpoint/subgraph-kit/store';

/**
 * Notes that windows were reviewed. An UNJUSTIFIED one ends at once, so that it is not open again should the account be
 * restored within the hour, and it stays so: events of one window can be reviewed one by one. Doing it twice is doing
 * it once; a window that nobody opened, since accreditation refused it, is nobody's.
 */
export async function closeReview(
  store: Store,
  windows: readonly string[],
  outcome: OverrideOutcome,
  now: Date,
): Promise<void> {
  await store`
    update override_window set
      reviewed_at = coalesce(reviewed_at, ${now}),
      outcome = case when outcome = 'UNJUSTIFIED' then outcome else ${outcome} end,
      expires_at = case when ${outcome} = 'UNJUSTIFIED' then least(expires_at, ${now}) else expires_at end
    where evt = any(${windows as string[]})`;
}
