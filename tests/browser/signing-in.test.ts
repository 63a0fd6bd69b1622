import { signIn, signInAt } from '@contactpoint/scripts/browser/sign-in';
import { PERSONAS } from '@contactpoint/scripts/personas';
import { buildClientSchema, type GraphQLSchema, isObjectType } from 'graphql';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { WITHOUT_BROWSER } from './chromium.ts';
import { run, shownAnswer, shownOperation, write } from './editor.ts';
import { PATIENCE } from './explorer-browser.ts';
import { explorerStage } from './explorer-stage.ts';

const ME = 'query WhoAmI { me { id } }';

describe.skipIf(WITHOUT_BROWSER)('signing in', { timeout: 3 * PATIENCE }, () => {
  const stage = explorerStage();

  describe('as each persona, who sees of the schema what is theirs', () => {
    test.each<[string, string, readonly string[], readonly string[]]>([
      ['social-worker', 'Mutation', ['recordInvolvement', 'shieldChild'], ['suspendAccess']],
      ['mash-screener', 'Query', ['findChildren', 'child'], ['accessEvents']],
      ['safeguarding-lead', 'Child', ['attendance', 'involvements'], ['conditions', 'senNeeds']],
      ['teacher', 'Query', ['child'], ['findChildren', 'practitioner']],
      ['education-welfare-officer', 'Child', ['missingEducation'], ['socialCare', 'conditions']],
      ['emergency-clinician', 'Child', ['conditions', 'mentalHealthService'], ['attendance']],
      ['general-practitioner', 'Child', ['immunisations'], ['senNeeds']],
      ['school-nurse', 'Child', ['allergies'], ['attendance']],
      ['camhs-clinician', 'Child', ['conditions'], ['involvements']],
      ['reviewing-officer', 'Child', ['socialCare', 'missedAppointments'], ['conditions']],
      ['police-child-abuse', 'Child', ['involvements'], ['conditions', 'attendance']],
      ['voluntary-worker', 'Child', ['involvements'], ['socialCare']],
      ['identity-steward', 'Mutation', ['unshieldChild'], ['suspendAccess']],
      ['auditor', 'Query', ['accessEvents', 'inclusionProof'], ['child', 'practitioner']],
      ['accreditation-officer', 'Mutation', ['grantAccess'], ['recordInvolvement', 'reviewOverride']],
      ['publisher', 'Query', ['me', 'school'], ['child', 'practitioner', 'accessEvents']],
      ['administrator', 'Query', ['accessReview'], ['child', 'accessEvents']],
    ])('%s', async (persona, type, shown, hidden) => {
      const { page } = await stage.open();
      const introspected = schemaShownTo(page);
      await signIn(page, persona);

      const { personName, role } = PERSONAS.find(({ name }) => name === persona) ?? {};
      await page.getByText(personName ?? '', { exact: true }).waitFor();
      await page
        .getByRole('region', { name: 'Access' })
        .getByText(role ?? '', { exact: true })
        .waitFor();
      const fields = fieldsOf(await introspected, type);
      expect(fields).toEqual(expect.arrayContaining([...shown]));
      for (const name of hidden) expect(fields).not.toContain(name);
    });
  });

  test.each([
    ['lapsed-training', /refresher training is older than a year/],
    ['lapsed-vetting', /DBS certificate is older than three years/],
    ['dormant', /not used for 90 days/],
    ['suspended', /account is suspended/],
  ])('as %s: the page says why there is no way in', async (persona, why) => {
    const { page } = await stage.open();
    await signInAt(page, persona, 'Sign in');
    await page.getByRole('alert').filter({ hasText: why }).waitFor();
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
  });

  test('cancelled, or its window closed: the page says so, and one can try again', async () => {
    const { page } = await stage.open();
    const begin = async () => {
      const opening = page.waitForEvent('popup');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      return await opening;
    };
    await (await begin()).getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('The sign-in was cancelled.').waitFor();
    await (await begin()).close();
    await page.getByText(/window of the sign-in was closed/).waitFor();
    await signIn(page, 'auditor');
  });

  test('signing out forgets the token at once and ends the session at the provider', async () => {
    const { page } = await stage.open();
    await signIn(page, 'auditor');
    const opening = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    const provider = await opening;
    const closed = new Promise((resolve) => provider.once('close', resolve));
    await provider.getByRole('button', { name: 'Sign out' }).click();
    await closed;
    const cookies = await page.context().cookies(stage.system.urls.identityProvider);
    expect(cookies.filter(({ name }) => name.startsWith('_session'))).toEqual([]);
  });

  test('the session ends in the middle of typing, and nothing typed is lost', async () => {
    const { page } = await stage.open();
    await signIn(page, 'social-worker');
    await page.getByText(/Session: (9:\d\d|10:00) left/).waitFor();
    await page.getByLabel('Purpose of use').selectOption('S47');
    await page.getByLabel('Reason').fill('Enquiry opened this mor');
    await write(page, 'operation', ME);

    await letTimePass(page);
    await page.getByText('Your session has ended.').waitFor();
    await page.getByLabel('Reason').press('End');
    await page.getByLabel('Reason').pressSequentially('ning');
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/graphql')) asked += 1;
    });
    await page.getByRole('button', { name: /execute/i }).click();
    await expect.poll(() => shownAnswer(page), { timeout: PATIENCE }).toContain('SESSION_ENDED');
    expect(asked).toBe(0);
    expect(await shownOperation(page)).toContain('WhoAmI');

    await signInAt(page, 'social-worker', 'Sign in again');
    await page.getByText('Your session has ended.').waitFor({ state: 'detached' });
    expect(await page.getByLabel('Reason').inputValue()).toBe('Enquiry opened this morning');
    expect(await page.getByLabel('Purpose of use').inputValue()).toBe('S47');
    expect(await shownOperation(page)).toContain('WhoAmI');
    await run(page);
    await expect.poll(() => shownAnswer(page), { timeout: PATIENCE }).toContain('p-social-worker');
  });

  test('whoever signs in after somebody else finds nothing of theirs', async () => {
    const { page } = await stage.open();
    await signIn(page, 'social-worker');
    await page.getByLabel('Reason').fill('Enquiry opened this morning');
    await write(page, 'operation', ME);
    await letTimePass(page);
    await signInAt(page, 'auditor', 'Sign in again');
    await page.getByText('Margaret Yeung').waitFor();
    expect(await page.getByLabel('Reason').inputValue()).toBe('');
    await expect.poll(() => shownOperation(page), { timeout: PATIENCE }).toContain('AccessEvents');
    expect(await page.getByText('WhoAmI').count()).toBe(0);
  });

  test('of a session and its answers nothing is left in the browser', async () => {
    const { page } = await stage.open();
    await signIn(page, 'social-worker');
    await write(page, 'operation', ME);
    await run(page);
    await expect.poll(() => shownAnswer(page), { timeout: PATIENCE }).toContain('p-social-worker');
    const kept = await page.evaluate(`(async () => ({
      local: localStorage.length, session: sessionStorage.length, cookies: document.cookie,
      databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
      workers: (await navigator.serviceWorker.getRegistrations()).length }))()`);
    expect(kept).toEqual({ local: 0, session: 0, cookies: '', databases: 0, caches: 0, workers: 0 });
    // The address may be read by who sits beside it, and is kept in the browser's history.
    expect(page.url()).toMatch(/\/explorer(#\/\w+)?$/);
  });

  test('the first load is small, and asks no other host', async () => {
    const { page, transferred } = await stage.open();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(transferred()).toBeGreaterThan(500_000);
    await signIn(page, 'publisher');
    await page.locator('.graphiql-query-editor textarea').first().waitFor({ state: 'attached' });
    await page.waitForLoadState('networkidle');
    // The editor, which is most of it, included.
    expect(transferred()).toBeGreaterThan(1_000_000);
    expect(transferred()).toBeLessThan(3_000_000);
    // That it asked no other host is looked at after each test.
  });
});

/** Ten minutes, a session's time, in a moment: for this page alone. */
async function letTimePass(page: Page): Promise<void> {
  await page.evaluate('{ const now = Date.now; Date.now = () => now.call(Date) + 600_000; }');
}

async function schemaShownTo(page: Page): Promise<GraphQLSchema> {
  const response = await page.waitForResponse(
    (each) => each.request().postData()?.includes('IntrospectionQuery') === true,
  );
  return buildClientSchema((await response.json()).data);
}

function fieldsOf(schema: GraphQLSchema, name: string): readonly string[] {
  const type = schema.getType(name);
  return isObjectType(type) ? Object.keys(type.getFields()) : [];
}
