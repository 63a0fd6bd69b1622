import type { Answer } from './answer.ts';
import type { Ask, Operation } from './ask.ts';

/** A list that comes in pages: `{ field: 'accessFigures', list: 'figures' }`. */
export interface WholeList {
  /** Root field, with `hasNextPage` and `endCursor`; its operation takes `$after`. */
  readonly field: string;
  readonly list: string;
}

/** Pages that are asked for at most. Beyond them `hasNextPage` stays true. */
const MOST_PAGES = 10;

/** Asks for one page after the other, and answers as if they were one. Each is on record like every question. */
export async function askWhole(ask: Ask, operation: Operation, { field, list }: WholeList): Promise<Answer> {
  let whole = await ask(operation);
  for (let page = 1; page < MOST_PAGES && whole.data?.[field]?.hasNextPage === true; page++) {
    const before = whole.data[field];
    const variables = { ...operation.variables, after: before.endCursor };
    const answer = await ask({ ...operation, variables });
    const further = answer.data?.[field];
    // What is there stays, and the reader is told that it is not all.
    if (further == null) return { ...whole, errors: answer.errors };
    const joined = { ...further, [list]: [...before[list], ...further[list]] };
    whole = { ...answer, data: { ...answer.data, [field]: joined } };
  }
  return whole;
}
