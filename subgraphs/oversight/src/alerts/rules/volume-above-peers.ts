import type { TransactionSql } from 'postgres';
import type { Finding } from '../finding.ts';
import { mostAmongPeers } from '../most-among-peers.ts';
import { type DayRule, firstShowings } from '../reader-days.ts';
import type { VolumeSettings } from '../settings.ts';

/** One reader's day with more children than anybody is looked at for. */
interface BusyDay {
  readonly practitionerId: string;
  readonly organisationId: string;
  readonly role: string;
  readonly day: string;
  /** First showing of each child, in order. */
  readonly showings: readonly { readonly at: string; readonly origin: string; readonly index: string }[];
}

/**
 * VOLUME_ABOVE_PEERS: somebody is shown far more children in a day than colleagues in the same work: browsing that keeps
 * below every limit of the browse guard.
 *
 * Catches the child with which a day goes above the median of the peers' days before it by some deviations; once a
 * practitioner and day. Peers have the same role, and are of the same organisation where that has enough of them. Leaves
 * alone days of few children, and everybody whose peers are too few to say what is usual.
 */
export const volumeAbovePeers: DayRule = async (sql, days, { volume }) => {
  const busy = await sql<BusyDay[]>`
    select reader as "practitionerId", day,
      (array_agg(organisation_id order by at desc, origin desc, index desc))[1] as "organisationId",
      (array_agg(role order by at desc, origin desc, index desc))[1] as role,
      jsonb_agg(jsonb_build_object('at', at, 'origin', origin, 'index', index::text)
        order by at, origin, index, child_id) as showings
    from ${firstShowings(sql, days)} as showing
    group by reader, day having count(*) > ${volume.children}`;
  const findings: Finding[] = [];
  for (const each of busy) {
    const most = mostAmongPeers(await findPeerDays(sql, each, volume), volume);
    const finding = most === undefined ? undefined : findingOf(each, most);
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
};

/** What the projection knows of a day by then: the number of children of each person who was shown any. */
export async function countReaderDays(sql: TransactionSql, days: Parameters<DayRule>[1]): Promise<void> {
  await sql`
    insert into reader_day (practitioner_id, day, role, organisation_id, children)
    select reader, day, (array_agg(role order by at desc, origin desc, index desc))[1],
      (array_agg(organisation_id order by at desc, origin desc, index desc))[1], count(*)
    from ${firstShowings(sql, days)} as showing
    group by reader, day order by reader, day
    on conflict (practitioner_id, day) do update set
      role = excluded.role, organisation_id = excluded.organisation_id, children = excluded.children`;
}

interface PeerDay {
  readonly practitionerId: string;
  readonly children: number;
}

/** Those of the organisation where they are enough, else everybody in the role. */
async function findPeerDays(
  sql: TransactionSql,
  { practitionerId, organisationId, role, day }: BusyDay,
  volume: VolumeSettings,
): Promise<readonly PeerDay[]> {
  const rows = await sql<(PeerDay & { readonly organisationId: string })[]>`
    select practitioner_id as "practitionerId", organisation_id as "organisationId", children
    from reader_day
    where role = ${role} and practitioner_id <> ${practitionerId}
      and day >= ${day}::date - ${volume.days}::int and day < ${day}::date`;
  const near = rows.filter((row) => row.organisationId === organisationId);
  return mostAmongPeers(near, volume) === undefined ? rows : near;
}

/** At the child that was one too many; the events are those that led there. */
function findingOf(
  { practitionerId, organisationId, day, showings }: BusyDay,
  most: number,
): Finding | undefined {
  const last = showings[most];
  if (last === undefined) return undefined;
  const places = showings.slice(0, most + 1).map(({ origin, index }) => `${origin} ${index}`);
  return {
    practitionerId,
    organisationId,
    at: new Date(last.at).toISOString(),
    occasion: day,
    note: `More than ${most} children in a day, which is far above peers`,
    events: [...new Set(places)].map((place) => {
      const [origin = '', index = ''] = place.split(' ');
      return { origin, index };
    }),
  };
}
