import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import {
  type ExplorerBrowser,
  type OpenedExplorer,
  type OpenOptions,
  withBrowser,
} from './explorer-browser.ts';

/** One system and one browser for the tests of a suite. */
export interface ExplorerStage {
  readonly system: TestSystem;
  /** Of the explorer that was opened last. */
  readonly page: Page;
  /** The explorer in a browser that knows nothing yet. It is closed after the test, which fails on its complaints. */
  open(options?: OpenOptions): Promise<OpenedExplorer>;
}

/** Registers hooks of the suite in which it is called. */
export function explorerStage(): ExplorerStage {
  let system: TestSystem | undefined;
  let browser: ExplorerBrowser | undefined;
  const opened: OpenedExplorer[] = [];

  beforeAll(async () => {
    system = await startTestSystem();
    browser = await withBrowser(system.urls.gateway);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.remove();
  });
  afterEach(async () => {
    const closed = opened.splice(0);
    for (const each of closed) await each.close();
    expect(closed.flatMap(({ complaints }) => complaints)).toEqual([]);
  });

  return {
    get system() {
      return begun(system);
    },
    get page() {
      return begun(opened.at(-1)).page;
    },
    async open(options) {
      const explorer = await begun(browser).open(options);
      opened.push(explorer);
      return explorer;
    },
  };
}

function begun<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('It is not there before the hooks of the suite have run');
  return part;
}
