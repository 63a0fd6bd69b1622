import type { Page } from 'playwright-core';

/** Operation whose answer is large, whatever the gateway would answer. */
export const LARGE = 'query Large { me { id } }';

/** Places of it that are withheld. */
export const LARGE_WITHHELD = 2_000;

/** Gives `LARGE` an answer of 5 MB in the gateway's place: no real one is that large. */
export async function answerLarge(page: Page): Promise<void> {
  const children = Array.from({ length: 20_000 }, (_, place) => ({
    id: `child-${place}`,
    note: 'x'.repeat(180),
    conditions: null,
  }));
  const errors = children.slice(0, LARGE_WITHHELD).map((_, place) => ({
    message: 'withheld',
    path: ['children', place, 'conditions'],
    extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'POLICY' },
  }));
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('query Large')) return await route.continue();
    const headers = { 'access-log': 'log.example 1' };
    await route.fulfill({ json: { data: { children }, errors }, headers });
  });
}
