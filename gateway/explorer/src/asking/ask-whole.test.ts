import { expect, test } from 'vitest';
import type { Answer } from './answer.ts';
import type { Operation } from './ask.ts';
import { askWhole } from './ask-whole.ts';

const OPERATION = { query: 'query ($after: String) { list { rows } }', variables: { of: 1 } };
const WHOLE = { field: 'list', list: 'rows' };

/** Answers with so many pages of one row each; at the place of a failure there is none. */
function pages(count: number, failsAt = Number.POSITIVE_INFINITY) {
  const asked: Operation[] = [];
  const ask = async (operation: Operation): Promise<Answer> => {
    const place = asked.push(operation) - 1;
    if (place === failsAt)
      return { status: 200, data: { list: null }, errors: [{ message: 'away', path: ['list'] }] };
    const list = { rows: [place], hasNextPage: place + 1 < count, endCursor: `after-${place}` };
    return { status: 200, data: { list }, errors: [] };
  };
  return { ask, asked };
}

test('asks for page after page, and answers with all of them', async () => {
  const { ask, asked } = pages(3);
  const { data } = await askWhole(ask, OPERATION, WHOLE);
  expect(data.list).toEqual({ rows: [0, 1, 2], hasNextPage: false, endCursor: 'after-2' });
  expect(asked.map(({ variables }) => variables)).toEqual([
    { of: 1 },
    { of: 1, after: 'after-0' },
    { of: 1, after: 'after-1' },
  ]);
});

test('where a page fails, what came before stands, with the failure and the word that more follows', async () => {
  const { data, errors } = await askWhole(pages(3, 1).ask, OPERATION, WHOLE);
  expect(data.list).toMatchObject({ rows: [0], hasNextPage: true });
  expect(errors).toMatchObject([{ message: 'away' }]);
});

test('does not ask for ever, and says that there is more', async () => {
  const { ask, asked } = pages(1_000);
  const { data } = await askWhole(ask, OPERATION, WHOLE);
  expect(asked).toHaveLength(10);
  expect(data.list.hasNextPage).toBe(true);
});

test('what was refused is refused', async () => {
  const refused: Answer = { status: 403, data: null, errors: [{ message: 'no' }] };
  expect(await askWhole(async () => refused, OPERATION, WHOLE)).toBe(refused);
});
