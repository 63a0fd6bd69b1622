import { signIn } from '@contactpoint/scripts/browser/sign-in';
import { describe, expect, test } from 'vitest';
import { readLeaves } from '../access/access-log.ts';
import { WITHOUT_BROWSER } from './chromium.ts';
import { notices, run, shownAnswer, shownOperation, write } from './editor.ts';
import { PATIENCE } from './explorer-browser.ts';
import { explorerStage } from './explorer-stage.ts';

const VIEW = 'query View($id: ID!) { child(id: $id) { familyName attendance { academicYear } } }';
const REASON = 'Attendance meeting this afternoon';

describe.skipIf(WITHOUT_BROWSER)('asking', { timeout: 3 * PATIENCE }, () => {
  const stage = explorerStage();

  const openAs = async (persona: string) => {
    await stage.open();
    await signIn(stage.page, persona);
    return stage.page;
  };
  const state = async (purpose: string, reason: string) => {
    await stage.page.getByLabel('Purpose of use').selectOption(purpose);
    await stage.page.getByLabel('Reason').fill(reason);
  };
  const view = async (id = stage.system.scenarios.joined) => {
    await write(stage.page, 'operation', VIEW);
    await write(stage.page, 'variables', JSON.stringify({ id }));
  };
  const told = (words: RegExp) => notices(stage.page).filter({ hasText: words }).waitFor();
  const answered = (text: string) =>
    expect.poll(() => shownAnswer(stage.page), { timeout: PATIENCE }).toContain(text);

  test('what purpose and reason lack is said in place, and what was typed stays until it is answered', async () => {
    const page = await openAs('teacher');
    await view();
    await run(page);
    await told(/choose a purpose of use.*PURPOSE_OF_USE_REQUIRED/);

    await state('ED', 'Too short');
    await page.getByText('1 more character: a reason has at least 10').waitFor();
    await run(page);
    await told(/ACCESS_REASON_REQUIRED/);

    await state('S47', REASON);
    await run(page);
    await told(/Another purpose would be needed.*PURPOSE/);
    expect(await shownOperation(page)).toContain('query View');
    expect(await page.getByLabel('Reason').inputValue()).toBe(REASON);

    await state('ED', REASON);
    await run(page);
    await answered('academicYear');
    expect(await notices(page).count()).toBe(0);
  });

  test('a reason reaches the log as it was typed, whatever its letters', async () => {
    const page = await openAs('teacher');
    const reason = 'Réunion d’équipe – 会議 about attendance';
    await state('ED', reason);
    await view();
    await run(page);
    await answered('academicYear');
    const reasons = (await readLeaves(stage.system)).map(({ event }) => event.reason);
    expect(reasons).toContain(reason);
  });

  test('the gateway away, then back', async () => {
    const page = await openAs('teacher');
    await state('ED', REASON);
    await view();
    // What the page is made of has to be here, as it is for somebody who has worked for a while.
    await expect.poll(() => page.workers().length, { timeout: PATIENCE }).toBeGreaterThanOrEqual(3);
    await stage.system.services.get('gateway')?.stop();
    try {
      await page.getByRole('button', { name: /execute/i }).click();
      await told(/gateway cannot be reached/);
      expect(await shownOperation(page)).toContain('query View');
    } finally {
      await stage.system.restart('gateway');
    }
    await run(page);
    await answered('academicYear');
  });

  test('an agency away: what it holds is missing, and is not nothing', async () => {
    const page = await openAs('teacher');
    await state('ED', REASON);
    await view();
    await stage.system.services.get('education')?.stop();
    try {
      await run(page);
      await told(/education did not answer.*SUBGRAPH_UNAVAILABLE/);
      await answered('familyName');
    } finally {
      await stage.system.restart('education');
    }
    await run(page);
    await answered('academicYear');
  });

  test('break-glass is offered to roles that may, warns, and goes with one operation', async () => {
    const page = await openAs('teacher');
    await state('ED', REASON);
    expect(await page.getByLabel(/Break the glass/).count()).toBe(0);
    await page.context().close();

    const clinician = await openAs('emergency-clinician');
    const reason = 'Unconscious, medication unknown, no carer here';
    await state('EC', reason);
    await clinician.getByLabel(/Break the glass/).check();
    await clinician.getByText(/suspends your account/).waitFor();
    await write(
      clinician,
      'operation',
      'query Sealed($id: ID!) { child(id: $id) { mentalHealthService { name } } }',
    );
    await write(clinician, 'variables', JSON.stringify({ id: stage.system.scenarios.sensitive }));
    const sent: (string | undefined)[] = [];
    clinician.on('request', (request) => {
      if (request.url().endsWith('/graphql')) sent.push(request.headers()['access-override']);
    });
    await run(clinician);
    await answered('"name"');
    expect(await clinician.getByLabel(/Break the glass/).isChecked()).toBe(false);
    await run(clinician);
    expect(sent).toEqual(['break-glass', undefined]);
  });

  test('over an answer of 5 MB one types on and opens a new operation', async () => {
    const page = await openAs('auditor');
    await expect.poll(() => shownOperation(page), { timeout: PATIENCE }).toContain('AccessEvents');
    const events = Array.from({ length: 21_000 }, (_, index) => ({
      origin: 'contactpoint.local/gateway-1/7',
      index: String(index),
      released: Array.from({ length: 8 }, (_none, field) => `Child.field${index}of${field}`),
    }));
    const body = JSON.stringify({ data: { accessEvents: { events } } });
    expect(body.length).toBeGreaterThan(5_000_000);
    // The gateway's own answers end earlier; what is tried here is the page.
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('query AccessEvents')) return await route.continue();
      await route.fulfill({ contentType: 'application/json', body });
    });
    await run(page);
    await answered('contactpoint.local');
    await page.getByLabel('Reason').pressSequentially('Still typing');
    await page.getByRole('button', { name: 'New operation' }).click();
    await expect.poll(() => shownOperation(page), { timeout: PATIENCE }).not.toContain('AccessEvents');
    expect(await page.getByLabel('Reason').inputValue()).toBe('Still typing');
  });
});
