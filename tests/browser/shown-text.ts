import type { Locator } from 'playwright-core';

/** What a reader sees of it, with blanks where there is distance on the page: cells of a table are words of their own. */
export async function shownText(locator: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: the DOM's text has no distance between cells, and holds what is hidden.
  return (await locator.innerText()).replaceAll(/\s+/g, ' ');
}
