import { launchChromium } from '@contactpoint/scripts/browser/chromium';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** Milliseconds for anything to appear: the machine that runs this may be slow and have much else to do. */
export const PATIENCE = 60_000;

/** One browser for the tests of a file. */
export interface ExplorerBrowser {
  /** The explorer in a browser that knows nothing yet. */
  open(options?: OpenOptions): Promise<OpenedExplorer>;
  close(): Promise<void>;
}

export type OpenOptions = Pick<BrowserContextOptions, 'colorScheme' | 'permissions' | 'viewport'>;

export interface OpenedExplorer {
  readonly page: Page;
  /** What its pages did that none may: broken policies, hosts asked for, errors nobody caught. Empty where all is well. */
  readonly complaints: readonly string[];
  /** Bytes that came over the network so far, as they were sent: compressed. */
  readonly transferred: () => number;
  /** Closes the browser's window and forgets everything in it. */
  close(): Promise<void>;
}

/** @param gateway As `http://127.0.0.1:4000`. */
export async function withBrowser(gateway: string): Promise<ExplorerBrowser> {
  const browser = await launchChromium();
  return { open: (options) => openExplorer(browser, gateway, options), close: () => browser.close() };
}

async function openExplorer(
  browser: Browser,
  gateway: string,
  options: OpenOptions = {},
): Promise<OpenedExplorer> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE);
  const complaints: string[] = [];
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') complaints.push(`asked for ${hostname}`);
  });
  context.on('weberror', (error) => complaints.push(`not caught: ${error.error().message}`));
  context.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  let bytes = 0;
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await network.send('Network.enable');
  await page.goto(`${gateway}/explorer`);
  return { page, complaints, transferred: () => bytes, close: () => context.close() };
}
