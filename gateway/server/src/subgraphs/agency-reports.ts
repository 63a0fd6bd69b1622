import { randomBytes } from 'node:crypto';
import type { AgencyReport } from '@contactpoint/access/agency-report';
import { eventDigest } from '@contactpoint/access/grant';
import type { SystemRequests } from './system-request.ts';

/** Tells oversight how agencies answered. Throws Error where it does not take it. */
export type ReportAgencies = (agencies: readonly AgencyReport[]) => Promise<void>;

/** @param oversight Base URL. */
export function createAgencyReports(
  requests: SystemRequests,
  oversight: string,
  instance: string,
): ReportAgencies {
  const route = { aud: 'oversight', url: oversight, path: '/agencies/reported' };
  return async (agencies) => {
    // Nothing of a child is told under it; no event stands behind it.
    await requests.send(route, { instance, agencies }, eventDigest(randomBytes(16)));
  };
}
