import { signIn, signInAt } from '@contactpoint/scripts/browser/sign-in';
import type { Page } from 'playwright-core';
import postgres from 'postgres';
import { describe, expect, onTestFinished, test } from 'vitest';
import { breakingGlass, SEALED_VIEW, withoutBreaking } from '../access/override-windows.ts';
import { codeOf } from '../access/reasons.ts';
import { openPlacedEvents } from '../audit/placed-events.ts';
import { WITHOUT_BROWSER } from './chromium.ts';
import { PATIENCE } from './explorer-browser.ts';
import { explorerStage } from './explorer-stage.ts';
import { looksWell } from './looks-well.ts';
import { shownText } from './shown-text.ts';

const ME = { query: '{ me { id } }' };
const REASON = 'Left the council in August, says the manager';

describe.skipIf(WITHOUT_BROWSER)('without writing GraphQL', { timeout: 3 * PATIENCE }, () => {
  const stage = explorerStage();

  const requirementOf = async (persona: string) =>
    (await stage.system.ask(persona, ME)).body.errors?.[0]?.extensions?.['requirement'];

  async function openReview(persona: string, look = {}): Promise<Page> {
    const { page } = await stage.open(look);
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
      await page.getByRole('button', { name: 'Grant an account' }).click();
      expect(await dialog.getByLabel('Reason').inputValue()).toBe('left');
      expect(await dialog.getByLabel('Reason').evaluate((field) => field.matches(':focus'))).toBe(true);
      expect(await shownText(dialog.getByRole('status'))).toContain('This is still open');
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
      expect((await stage.system.ask('teacher', ME)).status).toBe(200);
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
        .poll(async () => (await stage.system.ask('teacher', ME)).status, { timeout: PATIENCE })
        .toBe(200);
    });

    test('an answer that comes after its dialog was left closes no other one', async () => {
      const page = await openReview('accreditation-officer');
      const held = Promise.withResolvers<void>();
      await page.route('**/graphql', async (route) => {
        if (route.request().postData()?.includes('suspendAccess')) await held.promise;
        await route.continue();
      });
      const one = page.getByRole('region', { name: 'One account', exact: true }).first();
      await one.getByLabel('Account id').fill('p-teacher');
      await one.getByRole('button', { name: 'Find it' }).click();
      await one.getByRole('button', { name: /^Suspend/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Reason').fill(REASON);
      await dialog.getByRole('button', { name: 'Suspend' }).click();
      await dialog.getByRole('button', { name: 'Leave it' }).click();
      await page.getByRole('button', { name: 'Grant an account' }).click();
      await dialog.getByLabel('Name').fill('Nina');
      held.resolve();
      await page.getByRole('status').filter({ hasText: 'is suspended' }).waitFor();
      expect(await dialog.getByLabel('Name').inputValue()).toBe('Nina');
      await dialog.getByRole('button', { name: 'Leave it' }).click();

      await one.getByRole('button', { name: /^Restore/ }).click();
      await dialog.getByLabel('Reason').fill(REASON);
      await dialog.getByRole('button', { name: 'Restore' }).click();
      await one.getByText('active').waitFor();
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
        .poll(async () => (await stage.system.ask('lapsed-training', ME)).status, { timeout: PATIENCE })
        .toBe(200);
    });

    test('an account is granted, once there is a place for it, and nothing typed is lost before', async () => {
      const sql = postgres(stage.system.databases['accreditation'] ?? '', { max: 1, onnotice: () => {} });
      onTestFinished(() => sql.end());
      const quota = async (change: number) =>
        await sql`
          update organisation set user_quota = ${change} + (
            select count(*) from practitioner where organisation_id = 'LA-975' and suspended_at is null)
          where id = 'LA-975'`;
      const page = await openReview('accreditation-officer');
      await page.getByRole('button', { name: 'Grant an account' }).click();
      const dialog = page.getByRole('dialog');
      const grant = dialog.getByRole('button', { name: 'Grant', exact: true });
      const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
      await dialog.getByLabel('Name').fill('Nina \u202aSharp');
      await grant.click();
      await dialog.getByText('Choose a role.').waitFor();
      await dialog.getByLabel('Role').selectOption('general-practitioner');
      await dialog.getByLabel('DBS certificate number').fill('0019 9990 0999');
      for (const label of ['DBS issued on', 'Training passed on', 'User agreement signed on'])
        await dialog.getByLabel(label).fill(day);
      await grant.click();
      await dialog.getByText('has nobody in this role').waitFor();
      await dialog.getByLabel('Role').selectOption('social-worker');
      await quota(0);
      await grant.click();
      await dialog.getByText('as many users as its quota allows').waitFor();
      expect(await dialog.getByLabel('Name').inputValue()).toBe('Nina Sharp');
      expect(await dialog.getByLabel('User agreement signed on').inputValue()).toBe(day);
      await looksWell(page, 'access-review-granting');
      await quota(50);
      await grant.click();

      const done = page.getByRole('status').filter({ hasText: 'has the account' });
      await done.waitFor();
      const [, id = ''] = /has the account (p-\S+)/.exec(await shownText(done)) ?? [];
      const one = page.getByRole('region', { name: 'One account', exact: true }).first();
      await one.getByLabel('Account id').fill(id);
      await one.getByRole('button', { name: 'Find it' }).click();
      await one.getByRole('row', { name: /Nina Sharp.*social-worker.*active/ }).waitFor();
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
    const view = () => ({ query: SEALED_VIEW, variables: { id: stage.system.scenarios.sensitive } });
    const openOverrides = async () => {
      const { page } = await stage.open();
      await signIn(page, 'auditor');
      await page.getByRole('link', { name: 'Override review' }).click();
      return page;
    };

    test('tells who broke the glass, when, why and for whom; unjustified, it suspends', async () => {
      expect((await breakingGlass(stage.system, CLINICIAN, view())).status).toBe(200);
      const page = await openOverrides();
      const window = page.getByRole('article').filter({ hasText: `p-${CLINICIAN}` });
      await window.waitFor();
      expect(await shownText(window)).toContain(stage.system.scenarios.sensitive);
      expect(await shownText(window)).toMatch(/due within 7[12] hours/);
      await window.getByText(/What was asked for/).click();
      await expect.poll(() => shownText(window)).toContain('Child.mentalHealthService');
      expect(await shownText(window)).toContain('window opened');
      await looksWell(page, 'override-review');

      await window.getByRole('button', { name: /^Unjustified/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Note').fill('Asked the ward: the child was never there.');
      expect((await withoutBreaking(stage.system, CLINICIAN, view())).status).toBe(200);
      await dialog.getByRole('button', { name: /^Unjustified/ }).click();
      await page.getByRole('status').filter({ hasText: 'the account is suspended' }).waitFor();
      const refused = await withoutBreaking(stage.system, CLINICIAN, view());
      expect([refused.status, codeOf(refused)]).toEqual([403, 'ACCREDITATION_LAPSED']);
      await page.getByText('Nothing waits for a review.').waitFor();
    });

    test('justified, nothing is owed any more and the account goes on', async () => {
      expect((await breakingGlass(stage.system, 'mash-screener', view())).status).toBe(200);
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
      expect((await withoutBreaking(stage.system, 'mash-screener', view())).status).toBe(200);
    });

    test('all that wait can be reached, and a reason of old times cannot read as another', async () => {
      const placed = await openPlacedEvents(stage.system, 'placed');
      onTestFinished(() => placed[Symbol.asyncDispose]());
      const opened = (place: number, reason: string) => ({
        at: new Date(Date.now() - 3_600_000 + place * 1_000).toISOString(),
        practitioner: `p-placed-${place}`,
        override: true,
        overrideWindows: [String(place).padStart(64, '0')],
        reason,
        children: [stage.system.scenarios.sensitive],
      });
      const HEBREW = 'שיחה עם גברת כהן בעניין הילד';
      await placed.place(
        opened(0, 'Asked by \u202erehtom eht\u202c, urgently'),
        opened(1, HEBREW),
        ...Array.from({ length: 21 }, (_, place) => opened(place + 2, 'Strategy meeting, tonight')),
      );
      const page = await openOverrides();
      await page.getByText('1 to 20 of 23 reviews that wait').waitFor();
      await page.getByText('“Asked by ⟨U+202E⟩rehtom eht⟨U+202C⟩, urgently”').waitFor();
      await page.locator('bdi', { hasText: HEBREW }).waitFor();
      await page.getByRole('button', { name: 'Further reviews that wait' }).click();
      await page.getByText('21 to 23 of 23 reviews that wait').waitFor();
      const last = page.getByRole('article').filter({ hasText: 'p-placed-22' });
      await last.getByRole('button', { name: /^Justified/ }).click();
      await page.getByRole('dialog').getByLabel('Note').fill('Strategy meeting was that evening.');
      await page.getByRole('dialog').getByRole('button', { name: 'Justified' }).click();
      await page.getByText('21 to 22 of 22 reviews that wait').waitFor();
      await page.getByRole('button', { name: /^Back/ }).click();
      await page.getByText('1 to 20 of 22 reviews that wait').waitFor();
    });
  });
});
