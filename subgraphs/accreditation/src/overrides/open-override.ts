import type { OverrideAnswer, OverrideWindow } from '@contactpoint/access/override';
import type { Store } from '@contactpoint/subgraph-kit/store';
import { inTransaction } from '../mutations/change-account.ts';

/** How long a window is open. */
const WINDOW_MINUTES = 60;

/** How long somebody else has for the review; afterwards the practitioner opens no further window until it is done. */
const REVIEW_HOURS = 72;

/**
 * Windows of one practitioner that may wait for their reviews at once. Each opens one child in an emergency; more of them
 * are looked at by somebody before there are others.
 */
const MOST_OWED = 5;

/** Who breaks the glass, for whom, and under which event. */
export interface AskedOverride {
  readonly practitionerId: string;
  readonly childId: string;
  readonly evt: string;
}

/**
 * Opens a window, or finds the one that is open, for which a review is owed already. Resolves once the window is
 * committed. Requests of one practitioner take turns, or two at once would open two.
 */
export async function openOverride(store: Store, asked: AskedOverride, now: Date): Promise<OverrideAnswer> {
  const { practitionerId, childId, evt } = asked;
  return await inTransaction(store, async (transaction) => {
    const accounts = await transaction`
      select 1 from practitioner where id = ${practitionerId} and suspended_at is null for update`;
    if (accounts.length === 0) return { refused: 'NO_ACCOUNT' };

    const open = (await findOpenOverrides(transaction, [practitionerId], now)).find(
      ({ child }) => child === childId,
    );
    if (open !== undefined) return { window: windowOf(open) };

    const owed = await transaction<{ overdue: boolean }[]>`
      select review_due_at <= ${now} as overdue from override_window
      where practitioner_id = ${practitionerId} and reviewed_at is null
      order by review_due_at limit ${MOST_OWED}`;
    if (owed[0]?.overdue) return { refused: 'REVIEW_OVERDUE' };
    if (owed.length >= MOST_OWED) return { refused: 'REVIEWS_OWED' };

    const [opened] = await transaction<OpenOverride[]>`
      insert into override_window (evt, practitioner_id, child_id, opened_at, expires_at, review_due_at)
      values (
        ${evt}, ${practitionerId}, ${childId}, ${now}, ${later(now, WINDOW_MINUTES)},
        ${later(now, REVIEW_HOURS * 60)}
      )
      returning practitioner_id as "practitionerId", child_id as child, evt, expires_at as until`;
    if (opened === undefined) throw new Error('the window was not written');
    return { window: windowOf(opened) };
  });
}

export type OpenOverride = OverrideWindow & { readonly practitionerId: string };

/** Windows of these practitioners that are open at `now`. */
export async function findOpenOverrides(
  store: Store,
  practitionerIds: readonly string[],
  now: Date,
): Promise<OpenOverride[]> {
  return await store<OpenOverride[]>`
    select practitioner_id as "practitionerId", child_id as child, evt, expires_at as until
    from override_window
    where practitioner_id = any(${practitionerIds as string[]}) and expires_at > ${now}
    order by opened_at, evt`;
}

/** The window as the gateway is told of it. */
export function windowOf({ child, evt, until }: OverrideWindow): OverrideWindow {
  return { child, evt, until };
}

function later(from: Date, minutes: number): Date {
  return new Date(from.getTime() + minutes * 60_000);
}
