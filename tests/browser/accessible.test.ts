import { signIn } from '@contactpoint/scripts/browser/sign-in';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { WITHOUT_BROWSER } from './chromium.ts';
import { notices, run, shownAnswer, write } from './editor.ts';
import { PATIENCE } from './explorer-browser.ts';
import { explorerStage } from './explorer-stage.ts';
import { looksWell } from './looks-well.ts';

describe.skipIf(WITHOUT_BROWSER)('for everybody', { timeout: 3 * PATIENCE }, () => {
  const stage = explorerStage();

  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['narrow', { colorScheme: 'light', viewport: { width: 360, height: 740 } }],
  ] as const)('%s: axe finds nothing serious, and nothing is cut off', async (look, options) => {
    const { page } = await stage.open(options);
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    await looksWell(page, `${look}-signed-out`);

    await signIn(page, 'emergency-clinician');
    await page.getByLabel('Purpose of use').selectOption('EC');
    await page.getByLabel('Reason').fill('Unconscious in A&E, allergies unknown');
    await page.getByLabel(/Break the glass/).check();
    await write(page, 'operation', 'query View { child(id: "unknown") { familyName } }');
    await run(page);
    await notices(page).waitFor();
    await looksWell(page, `${look}-refused`);

    await page.getByLabel(/Break the glass/).uncheck();
    await write(page, 'operation', 'query WhoAmI { me { id name role } }');
    await run(page);
    await expect.poll(() => shownAnswer(page), { timeout: PATIENCE }).toContain('p-emergency-clinician');
    await looksWell(page, `${look}-answered`);
  });

  test('the editor follows a system that changes its colours while the page is open', async () => {
    const { page } = await stage.open({ colorScheme: 'light' });
    await signIn(page, 'social-worker');
    const look = () => page.locator('.monaco-editor').first().getAttribute('class');
    await expect.poll(look, { timeout: PATIENCE }).not.toMatch(/dark/i);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(look, { timeout: PATIENCE }).toMatch(/dark/i);
  });

  test('by keyboard alone: in, through everything and out again', async () => {
    const { page } = await stage.open();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    const opening = page.waitForEvent('popup');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const provider = await opening;
    await provider.getByRole('button', { name: 'Continue' }).waitFor();
    await provider.keyboard.press('Tab');
    await provider.keyboard.press('Tab');
    await provider.keyboard.press('Enter');
    const closed = new Promise((resolve) => provider.once('close', resolve));
    await provider.getByLabel('Six-digit code').press('Enter');
    await closed;
    await page.locator('.graphiql-query-editor textarea').first().waitFor({ state: 'attached' });

    const reached = new Set<string>();
    for (let step = 0; step < 80 && !reached.has('Answer'); step++) {
      await page.keyboard.press('Tab');
      reached.add(await focused(page));
    }
    for (const name of [
      'Skip to the work',
      'Colours',
      'Sign out',
      'Purpose of use',
      'Reason',
      'FindChildren',
    ])
      expect(reached).toContain(name);
    for (const name of ['Operation', 'Execute', 'Variables', 'Answer']) expect(reached).toContain(name);

    await page.locator('.graphiql-query-editor .graphiql-editor').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText('query WhoAmI { me { id } }');
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect.poll(() => shownAnswer(page), { timeout: PATIENCE }).toContain('p-social-worker');
    const within = await focused(page);
    await page.keyboard.press('Tab');
    expect(await focused(page)).not.toBe(within);
  });
});

/** Accessible name of what has the focus, in short. */
async function focused(page: Page): Promise<string> {
  return await page.evaluate(`(() => {
    const element = document.activeElement;
    const label = element.labels?.[0]?.textContent ?? element.getAttribute('aria-label') ?? element.textContent;
    if (element.closest('.result-window')) return 'Answer';
    if (element.closest('.graphiql-editor-tool')) return 'Variables';
    if (element.closest('.graphiql-execute-button')) return 'Execute';
    if (element.closest('.graphiql-query-editor .graphiql-editor')) return 'Operation';
    return label.trim();
  })()`);
}
