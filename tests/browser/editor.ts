import type { Page } from 'playwright-core';

const EDITORS = { operation: '.graphiql-query-editor', variables: '.graphiql-editor-tool' } as const;

/** Puts a text in the place of what stands in one of GraphiQL's editors, as somebody who pastes it. */
export async function write(page: Page, editor: keyof typeof EDITORS, text: string): Promise<void> {
  const input = page.locator(`${EDITORS[editor]} textarea`).first();
  await input.focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(text);
}

/** Runs what stands in the editor, and waits for its answer. */
export async function run(page: Page): Promise<void> {
  const answered = page.waitForResponse((response) => response.url().endsWith('/graphql'));
  await page.getByRole('button', { name: /execute/i }).click();
  await answered;
}

/** The answer as it can be read on the page: of a long one, what is in sight. */
export function shownAnswer(page: Page): Promise<string> {
  return textOf(page, '.result-window');
}

/** The operation as it can be read in the editor. */
export function shownOperation(page: Page): Promise<string> {
  return textOf(page, EDITORS.operation);
}

async function textOf(page: Page, editor: string): Promise<string> {
  const text = await page.locator(`${editor} .view-lines`).first().textContent();
  // Monaco writes blanks that do not break.
  return (text ?? '').replaceAll('\u00a0', ' ');
}
