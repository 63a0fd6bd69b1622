import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { breakingGlass, SEALED_VIEW, withoutBreaking } from '../access/override-windows.ts';
import { codeOf } from '../access/reasons.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { WITHOUT_BROWSER } from './chromium.ts';
import { type ExplorerBrowser, type OpenedExplorer, PATIENCE, withBrowser } from './explorer-browser.ts';
import { looksWell } from './looks-well.ts';
import { shownText } from './shown-text.ts';
import { signIn, signInAt } from './sign-in.ts';

const ME = { query: '{ me { id } }' };
const REASON = 'Left the council in August, says the manager';

describe.skipIf(WITHOUT_BROWSER)('without writing GraphQL', { timeout: 3 * PATIENCE }, () => {
  let system: TestSystem;
  let browser: ExplorerBrowser;
  let explorer: OpenedExplorer;

  beforeAll(async () => {
    system = await startTestSystem();
    browser = await withBrowser(system.urls.gateway);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.remove();
  });
  afterEach(async () => {
    await explorer.close();
    expect(explorer.complaints).toEqual([]);
  });

  const requirementOf = async (persona: string) =>
    (await system.ask(persona, ME)).body.errors?.[0]?.extensions?.['requirement'];

  async function openReview(persona: string, look = {}): Promise<Page> {
    explorer = await browser.open(look);
    const { page } = explorer;
    await signIn(page, persona);
    await page.getByRole('link', { name: 'Access review' }).click();
    await page.getByLabel('Organisation', { exact: true }).selectOption('LA-975');
    await page.getByRole('region', { name: 'Dormant', exact: true }).waitFor();
    return page;
  }

  describe('an access review', () => {
    test('from a dormant account to its suspension, which its next request meets', async () => {
      expect(await requirementOf('dormant')).toBe('DORMANT');
      const page = await openReview('accreditation-officer');
      const dormant = page.getByRole('region', { name: 'Dormant', exact: true });
      await dormant
        .getByRole('row', { name: /\(p-dormant\)/ })
        .getByRole('button', { name: /^Suspend/ })
        .click();

      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Reason').fill('left');
      await dialog.getByRole('button', { name: 'Suspend' }).click();
      await dialog.getByText('this one has 4').waitFor();
      expect(await dialog.getByLabel('Reason').inputValue()).toBe('left');
      expect(await requirementOf('dormant')).toBe('DORMANT');
      await dialog.getByLabel('Reason').fill(REASON);
      await looksWell(page, 'access-review-deciding');
      await dialog.getByRole('button', { name: 'Suspend' }).click();

      const done = page.getByRole('status').filter({ hasText: 'is suspended' });
      await done.waitFor();
      expect(await shownText(done)).toMatch(/Its status is SUSPENDED\.\s+Recorded as \S+ \d+/);
      expect(await requirementOf('dormant')).toBe('SUSPENDED');
      await expect.poll(() => shownText(dormant), { timeout: PATIENCE }).not.toContain('p-dormant');
    });

    test('an account that works is shut at once, found again by its id, and restored', async () => {
      expect((await system.ask('teacher', ME)).status).toBe(200);
      const page = await openReview('accreditation-officer');
      const one = page.getByRole('region', { name: 'One account', exact: true }).first();
      await one.getByLabel('Account id').fill('p-teacher');
      await one.getByRole('button', { name: 'Find it' }).click();
      const decide = async (verb: string) => {
        await one.getByRole('button', { name: new RegExp(`^${verb}`) }).click();
        await page.getByRole('dialog').getByLabel('Reason').fill(REASON);
        await page.getByRole('dialog').getByRole('button', { name: verb }).click();
      };
      await decide('Suspend');
      await one.getByText('suspended').waitFor();
      expect(await requirementOf('teacher')).toBe('SUSPENDED');
      await decide('Restore');
      await one.getByText('active').waitFor();
      await expect
        .poll(async () => (await system.ask('teacher', ME)).status, { timeout: PATIENCE })
        .toBe(200);
    });

    test('training is recorded, and what the gateway refuses is told in place', async () => {
      expect(await requirementOf('lapsed-training')).toBe('TRAINING');
      const page = await openReview('accreditation-officer');
      const row = page
        .getByRole('region', { name: 'Lapsing or lapsed', exact: true })
        .getByRole('row', { name: /\(p-lapsed-training\)/ });
      await row.getByRole('button', { name: /^Record training/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Course').fill('Safeguarding refresher');
      await dialog.getByLabel('Passed on').fill('2020-01-01');
      await dialog.getByRole('button', { name: 'Record training' }).click();
      await dialog.getByText('BAD_USER_INPUT').waitFor();
      expect(await dialog.getByLabel('Course').inputValue()).toBe('Safeguarding refresher');
      await dialog.getByLabel('Passed on').fill(new Date(Date.now() - 86_400_000).toISOString().slice(0, 10));
      await dialog.getByRole('button', { name: 'Record training' }).click();
      await page.getByRole('status').filter({ hasText: 'Its status is ACTIVE' }).waitFor();
      await expect
        .poll(async () => (await system.ask('lapsed-training', ME)).status, { timeout: PATIENCE })
        .toBe(200);
    });

    test('by keyboard; and a session that ends meanwhile keeps what was typed, and goes on after a sign-in', async () => {
      const page = await openReview('accreditation-officer');
      const button = page
        .getByRole('region', { name: 'Lapsing or lapsed', exact: true })
        .getByRole('row', { name: /\(p-lapsed-vetting\)/ })
        .getByRole('button', { name: /^Suspend/ });
      const reason = page.getByRole('dialog').getByLabel('Reason');
      await button.press('Enter');
      await expect.poll(() => reason.evaluate((field) => field.matches(':focus'))).toBe(true);
      await page.keyboard.press('Escape');
      await reason.waitFor({ state: 'detached' });
      expect(await button.evaluate((each) => each.matches(':focus'))).toBe(true);

      await page.keyboard.press('Enter');
      await reason.waitFor();
      await page.keyboard.type(REASON);
      const errors = [{ message: 'The token is not valid', extensions: { code: 'UNAUTHENTICATED' } }];
      await page.route('**/graphql', (route) => route.fulfill({ status: 401, json: { errors } }));
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByText('Your session has ended').waitFor();
      expect(await requirementOf('lapsed-vetting')).toBe('VETTING');
      await page.unroute('**/graphql');
      await signInAt(page, 'accreditation-officer', 'Sign in again');
      await page.getByText('Your session has ended').waitFor({ state: 'detached' });
      expect(await reason.inputValue()).toBe(REASON);
      await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
      await page.getByRole('status').filter({ hasText: 'is suspended' }).waitFor();
      expect(await requirementOf('lapsed-vetting')).toBe('SUSPENDED');
    });

    test('an administrator looks, and decides nothing', async () => {
      const page = await openReview('administrator');
      expect(await page.getByRole('button', { name: /^(Suspend|Restore|Record)/ }).count()).toBe(0);
      expect(await page.getByRole('link', { name: 'Override review' }).count()).toBe(0);
    });

    test.each([
      ['dark', { colorScheme: 'dark' }],
      ['narrow', { colorScheme: 'light', viewport: { width: 360, height: 740 } }],
    ] as const)('%s: axe finds nothing serious, and nothing is cut off', async (look, options) => {
      const page = await openReview('accreditation-officer', options);
      await looksWell(page, `access-review-${look}`);
    });
  });

  describe('a review of break-glass', () => {
    const CLINICIAN = 'emergency-clinician';
    const view = () => ({ query: SEALED_VIEW, variables: { id: system.scenarios.sensitive } });
    const openOverrides = async () => {
      explorer = await browser.open();
      const { page } = explorer;
      await signIn(page, 'auditor');
      await page.getByRole('link', { name: 'Override review' }).click();
      return page;
    };

    test('tells who broke the glass, when, why and for whom; unjustified, it suspends', async () => {
      expect((await breakingGlass(system, CLINICIAN, view())).status).toBe(200);
      const page = await openOverrides();
      const window = page.getByRole('article').filter({ hasText: `p-${CLINICIAN}` });
      await window.waitFor();
      expect(await shownText(window)).toContain(system.scenarios.sensitive);
      expect(await shownText(window)).toMatch(/due within 7[12] hours/);
      await window.getByText(/What was asked for/).click();
      await expect.poll(() => shownText(window)).toContain('Child.mentalHealthService');
      await looksWell(page, 'override-review');

      await window.getByRole('button', { name: /^Unjustified/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Note').fill('Asked the ward: the child was never there.');
      expect((await withoutBreaking(system, CLINICIAN, view())).status).toBe(200);
      await dialog.getByRole('button', { name: /^Unjustified/ }).click();
      await page.getByRole('status').filter({ hasText: 'the account is suspended' }).waitFor();
      const refused = await withoutBreaking(system, CLINICIAN, view());
      expect([refused.status, codeOf(refused)]).toEqual([403, 'ACCREDITATION_LAPSED']);
      await page.getByText('Nothing waits for a review.').waitFor();
    });

    test('justified, nothing is owed any more and the account goes on', async () => {
      expect((await breakingGlass(system, 'mash-screener', view())).status).toBe(200);
      const page = await openOverrides();
      await page
        .getByRole('article')
        .filter({ hasText: 'p-mash-screener' })
        .getByRole('button', { name: /^Justified/ })
        .click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Justified' }).click();
      await dialog.getByText('this one has 0').waitFor();
      await dialog.getByLabel('Note').fill('Strategy meeting was that evening.');
      await dialog.getByRole('button', { name: 'Justified' }).click();
      await page.getByRole('status').filter({ hasText: 'found justified' }).waitFor();
      await page.getByText('Nothing waits for a review.').waitFor();
      expect((await withoutBreaking(system, 'mash-screener', view())).status).toBe(200);
    });
  });
});
