import type { Facts } from '@contactpoint/access/facts';
import type { Sector } from '@contactpoint/access/sector';
import { asJson, type Statements } from '../statements.ts';

/** Whose relationships to which children. */
export interface FactsQuestion {
  readonly practitionerId: string;
  readonly organisationId: string;
  /** The practitioner's sector: only a record in it is their organisation's own. */
  readonly sector: Sector;
  readonly children: readonly string[];
}

interface FactsRow extends Facts {
  readonly question: number;
  readonly childId: string;
}

/**
 * Answers all questions in one statement. A number that nobody has gets what a child without relationship gets: the
 * statement goes out from the numbers asked for, not from the children there are. Of a child with several numbers the
 * facts are the same for each: whatever is recorded under one of them, a shield above all, holds for all. PostgreSQL would
 * read whole tables for `exists` in the list of columns; a lateral join makes it look each number up.
 *
 * @param today Calendar date in Europe/London.
 * @returns Facts by ContactPoint number, in the order of the questions.
 */
export async function loadFacts(
  sql: Statements,
  questions: readonly FactsQuestion[],
  today: string,
): Promise<ReadonlyMap<string, Facts>[]> {
  const answers = questions.map(() => new Map<string, Facts>());
  const asked = questions.flatMap(({ practitionerId, organisationId, sector, children }, question) =>
    [...new Set(children)].map((childId) => ({
      question,
      practitioner_id: practitionerId,
      organisation_id: organisationId,
      sector,
      child_id: childId,
    })),
  );
  if (asked.length === 0) return answers;

  const rows = await sql<FactsRow[]>`
    with asked as (
      select asked.*, coalesce(surviving, child_id) as surviving
      from jsonb_to_recordset(${asJson(sql, asked)}) as asked(
        question int, practitioner_id text, organisation_id text, sector text, child_id text)
      left join superseded_number on number = child_id
    ), numbered as (
      select *, surviving as number from asked
      union all
      select asked.*, number from asked join superseded_number using (surviving)
    )
    select question, child_id as "childId",
      case when bool_or(open.allocated) then 'ALLOCATED' when count(open.allocated) > 0 then 'TEAM' else 'NONE' end
        as relationship,
      count(shielded.found) > 0 as shielded, count(held.found) > 0 as "ownRecord"
    from numbered
    left join lateral (
      select bool_or(allocated) as allocated from involvement
      where involvement.child_id = number
        and involvement.practitioner_id = numbered.practitioner_id
        and is_open(involvement, ${today}::date)
    ) open on true
    left join lateral (
      select true as found from shield where shield.child_id = number and lifted_at is null limit 1
    ) shielded on true
    left join lateral (
      select true as found from record_holder
      where record_holder.child_id = number
        and record_holder.organisation_id = numbered.organisation_id
        and record_holder.sector = numbered.sector
        and held_from <= ${today}::date and (held_to is null or held_to >= ${today}::date)
      limit 1
    ) held on true
    group by question, child_id`;

  for (const { question, childId, ...facts } of rows) answers[question]?.set(childId, facts);
  return answers;
}
