import type { Store } from '@contactpoint/subgraph-kit/store';
import { inTransaction } from '@contactpoint/subgraph-kit/transaction';
import type { TransactionSql } from 'postgres';
import type { ComparedReading, Comparison, ReadingRule } from './compared-reading.ts';
import { raise } from './finding.ts';
import { colleaguesChild } from './rules/colleagues-child.ts';
import { famousChild } from './rules/famous-child.ts';
import { noRelationshipMade } from './rules/no-relationship-made.ts';
import { outsideArea } from './rules/outside-area.ts';
import { ownFamilyName } from './rules/own-family-name.ts';
import { wholeAddress } from './rules/whole-address.ts';
import type { AlertSettings } from './settings.ts';

/** Rules that need what only agencies know. */
const READING_RULES: Readonly<Record<string, ReadingRule>> = {
  OWN_FAMILY_NAME: ownFamilyName,
  COLLEAGUES_CHILD: colleaguesChild,
  OUTSIDE_AREA: outsideArea,
  WHOLE_ADDRESS: wholeAddress,
  NO_RELATIONSHIP_MADE: noRelationshipMade,
};

/** Everybody whom somebody met on a day, to be compared by the agencies. */
export interface OwedComparison {
  readonly practitionerId: string;
  /** At which the practitioner did it. */
  readonly organisationId: string;
  /** In Europe/London, `YYYY-MM-DD`. */
  readonly day: string;
  /** ContactPoint numbers. */
  readonly children: readonly string[];
}

/** What came of it. */
export interface ComparedDay {
  readonly practitionerId: string;
  readonly day: string;
  readonly children: readonly Comparison[];
}

/** Days and children in one answer; the rest come with the next one. What comes of it must fit one request. */
const MOST_DAYS = 20;
const MOST_CHILDREN = 2_000;

/** Seconds in which a gateway that took some is expected to come back with them. */
const LENT = 30;

/**
 * Days with somebody who was not compared yet, or whose relationship is to be asked for once more: whole days, since an
 * address is seen by all of its children. They stay owed until they come back.
 */
export async function lendComparisons(sql: Store, now: Date): Promise<readonly OwedComparison[]> {
  return await sql<OwedComparison[]>`
    with owed as (
      select practitioner_id, day from child_reading
      where (looked_at is null or look_again_at <= ${now})
        and (lent_until is null or lent_until <= ${now})
      group by practitioner_id, day order by day, practitioner_id limit ${MOST_DAYS}
    ), sized as (
      select practitioner_id, day, count(*) as own,
        sum(count(*)) over (order by day, practitioner_id) as so_far
      from owed join child_reading using (practitioner_id, day) group by practitioner_id, day
    ), lent as (
      update child_reading set lent_until = ${now}::timestamptz + make_interval(secs => ${LENT}::int)
      from sized
      where child_reading.practitioner_id = sized.practitioner_id and child_reading.day = sized.day
        and (so_far <= ${MOST_CHILDREN} or so_far = own)
      returning child_reading.*
    )
    select practitioner_id as "practitionerId", day, array_agg(child_id order by child_id) as children,
      (array_agg(organisation_id order by at desc, origin desc, index desc))[1] as "organisationId"
    from lent group by practitioner_id, day order by day, practitioner_id`;
}

/** Keeps what the agencies compared, and raises what the rules find in it; both or neither. */
export async function keepComparisons(
  store: Store,
  compared: readonly ComparedDay[],
  now: Date,
  settings: AlertSettings,
): Promise<void> {
  await inTransaction(store, async (sql) => {
    for (const day of compared) {
      const readings = await keepDay(sql, day, now, settings);
      for (const [name, rule] of Object.entries(READING_RULES)) {
        await raise(sql, name, rule(readings, settings));
      }
      const children = readings.filter(({ known }) => known);
      const learnt = children.map(({ childId }) => ({ childId, day: day.day }));
      await raise(sql, 'FAMOUS_CHILD', await famousChild(sql, learnt, settings));
    }
  });
}

type KeptReading = Omit<ComparedReading, keyof Comparison> & { readonly childId: string };

/** Of a child who was not among those that were lent nothing is kept. */
async function keepDay(
  sql: TransactionSql,
  { practitionerId, day, children }: ComparedDay,
  now: Date,
  { relationship }: AlertSettings,
): Promise<readonly ComparedReading[]> {
  const rows = await sql<KeptReading[]>`
    update child_reading set looked_at = ${now}, lent_until = null, related = compared.related,
      look_again_at = case when compared.related = false and opened
          and role <> all(${[...relationship.neededByAllBut]})
          and ${now} < london_midnight(day + 1 + ${relationship.days}::int)
        then london_midnight(day + 1 + ${relationship.days}::int) end
    from jsonb_to_recordset(${sql.json(
      children.map(({ childId, known, related }) => ({ child: childId, related: known ? related : null })),
    )}) as compared (child text, related boolean)
    where practitioner_id = ${practitionerId} and day = ${day}::date and child_id = compared.child
    returning practitioner_id as "practitionerId", organisation_id as "organisationId", role, day,
      child_id as "childId", at, origin, index, opened,
      ${now} >= london_midnight(day + 1 + ${relationship.days}::int) as settled`;
  const byChild = new Map(children.map((comparison) => [comparison.childId, comparison]));
  return rows.flatMap((row) => {
    const comparison = byChild.get(row.childId);
    return comparison === undefined ? [] : [{ ...row, ...comparison }];
  });
}
