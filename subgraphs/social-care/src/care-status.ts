import type { CareEpisode, ChildProtectionPlan, Referral, SupportStatus } from './record.ts';

/** Contract enum of the same name. */
export type CareStatus = 'NONE' | 'CHILD_IN_NEED' | 'CHILD_PROTECTION' | 'LOOKED_AFTER' | SupportStatus;

/** The rows that a status follows from. */
export interface StatusEvidence {
  readonly supportStatus: SupportStatus | null;
  readonly careEpisodes: readonly Pick<CareEpisode, 'startedOn' | 'endedOn' | 'endReason'>[];
  readonly childProtectionPlans: readonly Pick<ChildProtectionPlan, 'startedOn' | 'endedOn'>[];
  readonly referrals: readonly Pick<
    Referral,
    'receivedOn' | 'closedOn' | 'closureReason' | 'noFurtherAction'
  >[];
}

/**
 * SSDA903 REC that say where a young person went on leaving care as an adult: independent living, adult social care,
 * staying put. Those who were adopted, went home or moved to another authority are nobody's care leavers here.
 */
const LEFT_CARE_AS_ADULT: ReadonlySet<string> = new Set(['E5', 'E6', 'E7', 'E17']);

/** CIN census ReasonForClosure: case closed after assessment, referred to early help. */
const REFERRED_TO_EARLY_HELP = 'RC9';

/**
 * The status that weighs most of those that hold on a day. It follows from the rows, so that a return which opens or
 * closes one cannot leave a status behind that contradicts them.
 *
 * @param today `YYYY-MM-DD`. What begins later does not count yet.
 */
export function careStatus(evidence: StatusEvidence, today: string): CareStatus {
  if (evidence.careEpisodes.some((episode) => isOpen(episode, today))) return 'LOOKED_AFTER';
  if (evidence.childProtectionPlans.some((plan) => isOpen(plan, today))) return 'CHILD_PROTECTION';
  const referrals = evidence.referrals.filter(({ receivedOn }) => receivedOn <= today);
  if (referrals.some((referral) => isInNeed(referral, today))) return 'CHILD_IN_NEED';
  if (evidence.supportStatus !== null) return evidence.supportStatus;

  const lastEpisode = latest(evidence.careEpisodes, ({ startedOn }) => startedOn);
  if (lastEpisode?.endReason != null && LEFT_CARE_AS_ADULT.has(lastEpisode.endReason)) return 'CARE_LEAVER';
  const lastReferral = latest(referrals, ({ receivedOn }) => receivedOn);
  return lastReferral?.closureReason === REFERRED_TO_EARLY_HELP ? 'EARLY_HELP' : 'NONE';
}

/** Whether a row holds on a day: from its first day until the day before its end. */
export function isOpen(
  { startedOn, endedOn }: { readonly startedOn: string; readonly endedOn: string | null },
  today: string,
): boolean {
  return startedOn <= today && (endedOn === null || endedOn > today);
}

function isInNeed(referral: StatusEvidence['referrals'][number], today: string): boolean {
  return !referral.noFurtherAction && (referral.closedOn === null || referral.closedOn > today);
}

function latest<Row>(rows: readonly Row[], dayOf: (row: Row) => string): Row | undefined {
  let last: Row | undefined;
  for (const row of rows) if (last === undefined || dayOf(row) > dayOf(last)) last = row;
  return last;
}
