import { ANSWER_LIMITS } from '@contactpoint/access/agency-report';
import type { ReportedAgency } from './agency-reports.ts';

/** Fewest requests from which it is told how an agency answers: of fewer one could see each come and go. */
const FEWEST = 5;

/** Milliseconds after which a report no longer says how it is now. */
const STALE = 60_000;

/** Of hundred requests, how many without an answer make an agency one that falters. */
const FALTERING = 5;

/** `Agency` of the contract. */
export interface AgencyHealth {
  readonly name: string;
  readonly state: 'ANSWERING' | 'FALTERING' | 'AWAY' | 'UNKNOWN';
  readonly halfWithin: number | null;
  readonly mostWithin: number | null;
  readonly unansweredPercent: number | null;
  readonly reportedAt: string;
}

/** How an agency answers now, from what gateways reported of it. */
export function healthOf(reported: ReportedAgency, now: Date): AgencyHealth {
  const { name, reportedAt, well, answered, unanswered, within } = reported;
  const isTold = answered + unanswered >= FEWEST;
  const unansweredPercent = isTold ? Math.round((100 * unanswered) / (answered + unanswered)) : null;
  const isStale = now.getTime() - Date.parse(reportedAt) > STALE;
  const falters = unansweredPercent !== null && unansweredPercent >= FALTERING;
  return {
    ...{ name, reportedAt, unansweredPercent },
    state: isStale ? 'UNKNOWN' : !well ? 'AWAY' : falters ? 'FALTERING' : 'ANSWERING',
    halfWithin: isTold ? limitOf(within, 0.5) : null,
    mostWithin: isTold ? limitOf(within, 0.95) : null,
  };
}

/** The limit within which that share of answers came; null where it is beyond the last one. */
function limitOf(within: readonly number[], share: number): number | null {
  const all = within.reduce((sum, each) => sum + each, 0);
  let seen = 0;
  for (const [place, requests] of within.entries()) {
    seen += requests;
    if (seen > 0 && seen >= share * all) return ANSWER_LIMITS[place] ?? null;
  }
  return null;
}
