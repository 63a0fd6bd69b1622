import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../browser/chromium.ts';
import { answerLarge, LARGE } from '../../browser/large-answer.ts';
import { modelOf } from '../../browser/monaco.ts';
import { signIn } from '../../browser/sign-in.ts';
import { median } from '../median.ts';

export interface ExplorerBench {
  /** As `http://127.0.0.1:4000`. */
  readonly gateway: string;
  readonly rounds: number;
}

/** Milliseconds but for bytes: medians, each round in a browser that knows nothing yet. */
export interface ExplorerFigures {
  readonly rounds: number;
  /** From the address to a button to sign in with. */
  readonly firstLoad: number;
  readonly quickestLoad: number;
  /** Bytes of it over the network, as they were sent: compressed. */
  readonly transferred: number;
  /** Bytes until the editor is usable, the first load among them. */
  readonly transferredToEditor: number;
  /** From the end of the sign-in to an operation that can be typed over and run. */
  readonly editorUsable: number;
  /** The longest time in which the page could answer nobody, while it showed an answer of 5 MB and marked it. */
  readonly longestTask: number;
}

type Round = Omit<ExplorerFigures, 'rounds' | 'quickestLoad'>;

/** Milliseconds for any step, on a machine that has other things to do. */
const PATIENCE = 120_000;

const LONGEST_TASK = `globalThis.longestTask = 0; new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longestTask = Math.max(longestTask, duration);
}).observe({ type: 'longtask' })`;

/** @throws Error where the machine has no Chromium, or the page does not come. */
export async function measureExplorer({ gateway, rounds }: ExplorerBench): Promise<ExplorerFigures> {
  const browser = await launchChromium();
  try {
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round++) measured.push(await measureRound(browser, gateway));
    const of = (figure: keyof Round) => median(measured.map((round) => round[figure]));
    return {
      rounds,
      firstLoad: of('firstLoad'),
      quickestLoad: Math.min(...measured.map(({ firstLoad }) => firstLoad)),
      transferred: of('transferred'),
      transferredToEditor: of('transferredToEditor'),
      editorUsable: of('editorUsable'),
      longestTask: of('longestTask'),
    };
  } finally {
    await browser.close();
  }
}

async function measureRound(browser: Browser, gateway: string): Promise<Round> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(PATIENCE);
  try {
    const page = await context.newPage();
    const network = await context.newCDPSession(page);
    let transferred = 0;
    network.on('Network.loadingFinished', ({ encodedDataLength }) => {
      transferred += encodedDataLength;
    });
    await network.send('Network.enable');

    const begun = performance.now();
    await page.goto(`${gateway}/explorer`);
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    const firstLoad = performance.now() - begun;
    await page.waitForLoadState('networkidle');
    const loaded = transferred;

    await signIn(page, 'social-worker');
    const signedIn = performance.now();
    await untilEditable(page);
    const editorUsable = performance.now() - signedIn;
    await page.waitForLoadState('networkidle');
    const transferredToEditor = transferred;
    const longestTask = await longestTaskOf(page);
    return { firstLoad, transferred: loaded, transferredToEditor, editorUsable, longestTask };
  } finally {
    await context.close();
  }
}

async function untilEditable(page: Page): Promise<void> {
  await page.getByRole('button', { name: /execute/i }).waitFor();
  // Not by `waitForFunction`: it evaluates in the page, whose policy has none of that.
  while (!(await page.evaluate(`(${modelOf('operation')}?.getValue() ?? '') !== ''`)))
    await page.waitForTimeout(20);
}

async function longestTaskOf(page: Page): Promise<number> {
  await answerLarge(page);
  await page.evaluate(`${modelOf('operation')}.setValue(${JSON.stringify(LARGE)})`);
  await page.evaluate(LONGEST_TASK);
  await page.getByRole('button', { name: /execute/i }).click();
  await page.getByText(/places of this answer are withheld/).waitFor();
  await page.locator('.result-window .withheld-mark').first().waitFor();
  return Number(await page.evaluate('globalThis.longestTask'));
}
