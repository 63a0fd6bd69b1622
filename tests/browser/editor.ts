import { type EDITORS, modelOf } from '@contactpoint/scripts/browser/monaco';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { PATIENCE } from './explorer-browser.ts';

/**
 * Puts a text in the place of what stands in one of GraphiQL's editors, as somebody who pastes it: typed, each bracket
 * would bring its other half along.
 */
export async function write(page: Page, editor: 'operation' | 'variables', text: string): Promise<void> {
  // Not by `waitForFunction`: it evaluates in the page, whose policy has none of that.
  await expect
    .poll(() => page.evaluate(`${modelOf(editor)} !== undefined`), { timeout: PATIENCE })
    .toBe(true);
  await page.evaluate(`${modelOf(editor)}.setValue(${JSON.stringify(text)})`);
}

/** Runs what stands in the editor, and waits for its answer. */
export async function run(page: Page): Promise<void> {
  const answered = page.waitForResponse(
    (response) => response.url().endsWith('/graphql') && !isIntrospection(response.request().postData()),
  );
  await page.getByRole('button', { name: /execute/i }).click();
  await answered;
}

/** The whole answer, also of what is not in sight. */
export function shownAnswer(page: Page): Promise<string> {
  return textIn(page, 'answer');
}

export function shownOperation(page: Page): Promise<string> {
  return textIn(page, 'operation');
}

/** What the page says of the last answer, above the editor. */
export function notices(page: Page): Locator {
  return page.locator('.notice[role=alert]');
}

async function textIn(page: Page, editor: keyof typeof EDITORS): Promise<string> {
  return await page.evaluate(`${modelOf(editor)}?.getValue() ?? ''`);
}

function isIntrospection(body: string | null): boolean {
  return body?.includes('IntrospectionQuery') === true;
}
