import type { AgencyReport } from '@contactpoint/access/agency-report';
import type { Store } from '@contactpoint/subgraph-kit/store';

/** Minutes for which reports are looked at. */
export const LOOKED_AT = 5;

/** Keeps what a gateway reports, by our clock, and drops what nobody looks at any more. */
export async function keepReports(
  store: Store,
  instance: string,
  reports: readonly AgencyReport[],
  now: Date,
): Promise<void> {
  await store`delete from agency_report where reported_at < ${now} - ${LOOKED_AT} * interval '1 minute'`;
  await store`
    insert into agency_report (instance, agency, reported_at, well, answered, unanswered, within)
    select ${instance}, agency, ${now}, well, answered, unanswered, within
    from jsonb_to_recordset(${store.json(reports as never)}) as report (agency text, well boolean, answered int,
      unanswered int, within int[])
    on conflict do nothing`;
}

export interface ReportedAgency {
  readonly name: string;
  /** The last of all gateways' reports. */
  readonly reportedAt: string;
  /** Whether every gateway that reported lately heard that it is well. */
  readonly well: boolean;
  readonly answered: number;
  readonly unanswered: number;
  /** As in `AgencyReport`, of all gateways together. */
  readonly within: readonly number[];
}

/** What gateways reported of each agency in the last minutes. */
export async function findReported(store: Store, now: Date): Promise<readonly ReportedAgency[]> {
  return await store<ReportedAgency[]>`
    with recent as (
      select * from agency_report
      where reported_at > ${now} - ${LOOKED_AT} * interval '1 minute'
    ),
    latest as (
      select distinct on (instance, agency) agency, well from recent order by instance, agency, reported_at desc
    ),
    times as (
      select agency, array_agg(requests order by place) as within
      from (
        select agency, place, sum(requests)::int as requests
        from recent cross join unnest(within) with ordinality as each (requests, place) group by agency, place
      ) as summed
      group by agency
    )
    select agency as name, max(reported_at) as "reportedAt",
      (select bool_and(latest.well) from latest where latest.agency = recent.agency) as well,
      sum(answered)::int as answered, sum(unanswered)::int as unanswered,
      (select times.within from times where times.agency = recent.agency) as within
    from recent group by agency order by agency`;
}
