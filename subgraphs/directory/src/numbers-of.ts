import { asJson, type Statements } from './statements.ts';

/**
 * All numbers of the child who has one, itself included and in order. A number that nobody has stands for itself. An
 * identity that must not be linked is merged with none, so what is found here never leads from one to the other.
 *
 * @returns By the numbers that were asked for.
 */
export async function numbersOf(
  sql: Statements,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const asked = [...new Set(numbers)].map((number) => ({ number }));
  if (asked.length === 0) return new Map();
  const rows = await sql<{ number: string; numbers: string[] }[]>`
    select number, array(select unnest(numbers_of(number)) order by 1) as numbers
    from jsonb_to_recordset(${asJson(sql, asked)}) as asked(number text)`;
  return new Map(rows.map((row) => [row.number, row.numbers]));
}
