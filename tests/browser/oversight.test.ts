import { signIn } from '@contactpoint/scripts/browser/sign-in';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openPlacedEvents, type PlacedEvents } from '../audit/placed-events.ts';
import { at, workingDay } from '../audit/working-days.ts';
import { WITHOUT_BROWSER } from './chromium.ts';
import { shownOperation } from './editor.ts';
import { PATIENCE } from './explorer-browser.ts';
import { explorerStage } from './explorer-stage.ts';
import { looksWell } from './looks-well.ts';
import { shownText } from './shown-text.ts';

describe.skipIf(WITHOUT_BROWSER)('oversight', { timeout: 3 * PATIENCE }, () => {
  const stage = explorerStage();
  let placed: PlacedEvents;
  const day = workingDay(1);

  beforeAll(async () => {
    placed = await openPlacedEvents(stage.system, 'placed');
    const children = (from: number, count: number) =>
      Array.from({ length: count }, (_, place) => `N0B0DY${String(from + place).padStart(10, '0')}`);
    await placed.place(
      ...children(0, 9).map((child, place) => ({ at: at(day, 9, place), children: [child] })),
      ...children(20, 6).map((child) => ({ at: at(day, 10), purpose: 'S17', children: [child] })),
      ...children(40, 4).map((child) => ({
        at: at(day, 11),
        organisation: 'SCHOOL-HIDDEN',
        children: [child],
      })),
      { at: at(day, 12), override: true, overrideWindows: ['ab'.repeat(32)] },
    );
  });
  afterAll(async () => {
    await placed?.[Symbol.asyncDispose]();
  });

  const figure = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
  async function tableOf(page: Page, name: string): Promise<string> {
    const region = figure(page, name);
    await region.getByText('As a table').click();
    return await shownText(region.getByRole('table'));
  }

  test('shows an administrator how the system is used, and hides what is below five', async () => {
    const { page } = await stage.open();
    await signIn(page, 'administrator');
    await page.getByRole('link', { name: 'Oversight' }).click();
    const named = day.toISOString().slice(0, 10);
    expect(await tableOf(page, 'Accesses over time')).toContain(`${named} 19 `);
    const organisations = await tableOf(page, 'Accesses by organisation');
    expect(organisations).toContain('Several together – 10 Several together 10');
    await expect
      .poll(() => shownText(figure(page, 'Accesses by organisation').getByRole('table')), {
        timeout: PATIENCE,
      })
      .toContain('Brackenshire County Council LA-975 9 S47 9');
    expect(await shownText(page.locator('main'))).not.toContain('SCHOOL-HIDDEN');
    expect(await tableOf(page, 'Withheld by reason')).toContain('Nothing withheld 19');
    expect(await tableOf(page, 'Accounts by organisation')).toMatch(
      /LA-975\) LIVE 500 \d+ \d+ [1-9]\d* [1-9]/,
    );
    await expect
      .poll(() => shownText(figure(page, 'Accounts by organisation').locator('.drawing')))
      .toMatch(/Brackenshire/);
    expect(await shownText(figure(page, 'Accounts by organisation'))).toMatch(
      /1 to \d+ of \d+ organisations/,
    );
    await expect(figure(page, 'Alerts to review').count()).resolves.toBe(0);
    await expect
      .poll(
        async () => {
          await figure(page, 'Agencies')
            .getByRole('button', { name: /Ask again/ })
            .click();
          return await shownText(figure(page, 'Agencies'));
        },
        { timeout: PATIENCE, interval: 1_000 },
      )
      .toMatch(/social-care\s+✓ answers/);
  });

  test('each figure opens the query behind it, with its days', async () => {
    const { page } = await stage.open();
    await signIn(page, 'auditor');
    await page.getByRole('link', { name: 'Oversight' }).click();
    await page.getByLabel('First day').fill('2026-01-01');
    await page.getByLabel('Last day').fill('2025-12-31');
    await page.getByText('The last day is before the first one.').waitFor();
    await page.getByLabel('Last day').fill('2026-01-31');
    await page.getByRole('button', { name: 'Show these days' }).click();
    await figure(page, 'Withheld by reason')
      .getByText(/No numbers for these days/)
      .waitFor();
    await figure(page, 'Alerts to review')
      .getByText(/1( to \d+)? of \d+ alerts/)
      .waitFor();
    await figure(page, 'Withheld by reason')
      .getByRole('button', { name: /Open the query/ })
      .click();
    await expect.poll(() => shownOperation(page), { timeout: PATIENCE }).toContain('withheldFigures');
    await expect.poll(() => shownText(page.locator('.graphiql-editor-tool'))).toContain('2026-01-31');

    // Where the page does not stop it, the gateway says what is wrong.
    const query = '{ accessFigures(from: "2026-11-02", to: "2026-11-01") { countedTo } }';
    expect((await stage.system.ask('auditor', { query })).body.errors).toEqual([
      {
        message: 'An argument was not accepted: it ends before it begins',
        path: ['accessFigures'],
        extensions: { code: 'BAD_USER_INPUT', argument: 'to', problem: 'ORDER' },
      },
    ]);
  });

  test('a subgraph that is away is told in the place of its figures, and what was there stands', async () => {
    const { page } = await stage.open();
    await signIn(page, 'administrator');
    await page.getByRole('link', { name: 'Oversight' }).click();
    const accesses = figure(page, 'Accesses over time');
    // On a machine that is busy enough oversight is away by itself, at first.
    await expect
      .poll(
        async () => {
          const isThere = await accesses.getByText('As a table').isVisible();
          if (!isThere) await accesses.getByRole('button', { name: /Ask again/ }).click();
          return isThere;
        },
        { timeout: PATIENCE, interval: 1_000 },
      )
      .toBe(true);
    await stage.system.services.get('oversight')?.stop();
    onTestFinished(() => stage.system.restart('oversight'));
    await figure(page, 'Accesses over time')
      .getByRole('button', { name: /Ask again/ })
      .click();
    await figure(page, 'Accesses over time').getByRole('alert').waitFor();
    expect(await shownText(figure(page, 'Accesses over time'))).toContain('As a table');
  });

  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['narrow', { colorScheme: 'light', viewport: { width: 360, height: 740 } }],
  ] as const)('%s: axe finds nothing serious, and nothing is cut off', async (look, options) => {
    const { page } = await stage.open(options);
    await signIn(page, 'administrator');
    await page.getByRole('link', { name: 'Oversight' }).click();
    for (const name of ['Accesses over time', 'Accesses by organisation', 'Accounts by organisation'])
      await figure(page, name).getByText('As a table').waitFor();
    await looksWell(page, `oversight-${look}`);
  });
});
