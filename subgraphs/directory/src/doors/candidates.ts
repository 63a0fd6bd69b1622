import { type Comparable, matchScore, matchWeight } from '../matching/match-score.ts';
import { searchKeys } from '../matching/search-key.ts';
import { transposedDate } from '../matching/transposed-date.ts';
import type { Sex } from '../record.ts';
import type { Statements } from '../statements.ts';

export interface Candidate {
  /** ContactPoint number. */
  readonly id: string;
  /** Match probability in steps of 0.05. */
  readonly score: number;
}

/** Below it a candidate is more likely somebody else. */
const THRESHOLD = 0.5;

/**
 * Children who may be the one sought, likeliest first, equals by number. The store is asked by index for those born on
 * the day (or on the day with its month and day changed over) and for those whose names sound alike and who were born in
 * the same year; former names are not searched, since they may lead from one identity to another, and neither are
 * identities that were superseded: the child would be there twice.
 */
export async function findCandidates(sql: Statements, sought: Comparable): Promise<Candidate[]> {
  const days = [sought.dateOfBirth, transposedDate(sought.dateOfBirth)].filter((day) => day !== undefined);
  const rows = await sql<
    {
      id: string;
      givenNames: readonly string[];
      familyName: string;
      dateOfBirth: string;
      sex: Sex;
    }[]
  >`
    select id, coalesce(given_names, '{}') as "givenNames", family_name as "familyName",
      date_of_birth as "dateOfBirth", sex
    from child
    where family_name is not null and id not in (select number from superseded_number) and id in (
      select id from child where date_of_birth = any(${days}::date[])
      union
      select child_id from search_key where key = any(${searchKeys(sought)}::text[]))
      and date_of_birth is not null`;

  return rows
    .map((row) => ({ id: row.id, weight: matchWeight(sought, row) }))
    .map(({ id, weight }) => ({ id, weight, score: matchScore(weight) }))
    .filter(({ score }) => score >= THRESHOLD)
    .sort((one, other) => other.weight - one.weight || (one.id < other.id ? -1 : 1))
    .map(({ id, score }) => ({ id, score }));
}
