import { asJson, chunksOf, type Statements } from './statements.ts';

/**
 * When each child turns 18 or turned it, `YYYY-MM-DD`, and nothing else of the child: what the term of an access on record
 * is counted from. Of a child with several numbers it is the same for each, the latest that any of them gives.
 *
 * @returns By the numbers that were asked for. One that nobody has, and one without a date of birth, is absent.
 */
export async function eighteenthBirthdays(
  sql: Statements,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const birthdays = new Map<string, string>();
  for (const chunk of chunksOf([...new Set(numbers)])) {
    const asked = chunk.map((number) => ({ number }));
    const rows = await sql<{ number: string; birthday: string }[]>`
      select asked.number, (max(date_of_birth) + interval '18 years')::date::text as birthday
      from jsonb_to_recordset(${asJson(sql, asked)}) as asked(number text)
      join child on child.id = any(numbers_of(asked.number))
      group by asked.number
      having max(date_of_birth) is not null`;
    for (const { number, birthday } of rows) birthdays.set(number, birthday);
  }
  return birthdays;
}
