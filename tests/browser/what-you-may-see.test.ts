import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { answerLarge, LARGE, LARGE_WITHHELD } from '@contactpoint/scripts/browser/large-answer';
import { signIn } from '@contactpoint/scripts/browser/sign-in';
import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askForEvents } from '../access/access-log.ts';
import { VIEW } from '../access/operations/joined-view.ts';
import { WITHOUT_BROWSER } from './chromium.ts';
import { run, shownAnswer, write } from './editor.ts';
import { PATIENCE } from './explorer-browser.ts';
import { explorerStage } from './explorer-stage.ts';

const SCREENSHOTS = fileURLToPath(new URL('../../reports/screenshots/', import.meta.url));
const SLOW = { timeout: PATIENCE };

/** Parts of the page that are looked at here. */
const OWN = /fields-pane|access-pane|answer-|withheld|facts|signature|badge/;

/** In the place of the browser's own printing, which nobody could look at. */
const PRINTING = `window.print = () => document.body.setAttribute('data-printed',
  document.querySelector('.printed-answer')?.textContent ?? 'without an answer')`;

describe.skipIf(WITHOUT_BROWSER)('what you may see, and why not', { timeout: 3 * PATIENCE }, () => {
  const stage = explorerStage();
  let page: Page;

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
  });
  beforeEach(async () => {
    ({ page } = await stage.open({ permissions: ['clipboard-read', 'clipboard-write'] }));
  });

  async function begin(persona: string, purpose?: string): Promise<void> {
    await signIn(page, persona);
    await page.locator('.graphiql-query-editor textarea').first().waitFor({ state: 'attached' });
    if (purpose === undefined) return;
    await page.getByLabel('Purpose of use').selectOption(purpose);
    await page.getByLabel('Reason').fill('Enquiry opened this morning');
  }

  async function ask(query: string, variables: object = {}): Promise<void> {
    await write(page, 'operation', query);
    await write(page, 'variables', JSON.stringify(variables));
    await run(page);
    await page.getByText(/^Access event/).waitFor();
  }

  const clipboard = () => page.evaluate('navigator.clipboard.readText()');
  const joined = () => ({ id: stage.system.scenarios.joined });
  const receipt = async () => {
    const text = await page.getByText(/^Access event/).textContent();
    const [, origin = '', index = ''] = /Access event (\S+) (\d+)/.exec(text ?? '') ?? [];
    return { origin, index };
  };
  const openPane = (title: string) =>
    page.getByRole('button', { name: new RegExp(`^Show ${title}$`) }).click();

  async function looksWell(name: string): Promise<void> {
    await page.screenshot({ path: join(SCREENSHOTS, `may-see-${name}.png`) });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const findings = serious.flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => `${id} ${target.join(' ')}`),
    );
    // What GraphiQL itself brings along is for the test of the whole page.
    expect(findings.filter((each) => OWN.test(each))).toEqual([]);
  }

  test('withheld fields of the joined view are marked where they stand, with what would help', async () => {
    await begin('social-worker', 'EH');
    await ask(
      'query V($id: ID!) { child(id: $id) { familyName missed: missedAppointments { on } parentsAndCarers { name } attendance { academicYear sessionsPossible } } }',
      joined(),
    );
    const marks = page.locator('.result-window .withheld-mark');
    await expect.poll(() => marks.count(), SLOW).toBeGreaterThan(0);
    const lines = page.locator('.result-window .view-line', { has: page.locator('.withheld-mark') });
    const texts = (await lines.allTextContents()).map((text) => text.replaceAll('\u00a0', ' '));
    expect(texts).toContainEqual(expect.stringMatching(/"missed": null.*withheld: purpose/));
    for (const text of texts) expect(text).toMatch(/null/);
    const list = page.locator('.withheld-list');
    await list.locator('summary').waitFor();
    if ((await list.getAttribute('open')) === null) await list.locator('summary').click();
    await list.getByText(/child\.missed/).waitFor();
    await expect.poll(() => list.textContent(), SLOW).toMatch(/child\.missed.*S47, child protection enquiry/);
    await looksWell('withheld');
  });

  test('every withheld place of the whole joined view is listed, as often as the gateway says it', async () => {
    await begin('teacher', 'ED');
    await ask(VIEW, joined());
    const { body } = await stage.system.ask('teacher', { query: VIEW, variables: joined(), purpose: 'ED' });
    const count = body.errors?.length ?? 0;
    expect(count).toBeGreaterThan(20);
    await page.getByText(`${count} places of this answer are withheld or missing`).waitFor();
  });

  test.each([
    [
      'social-worker',
      'S47',
      'missedAppointments',
      /SPECIAL, minimal.*health.*Readable, as part of the minimum.*relationship/s,
    ],
    ['social-worker', 'EH', 'missedAppointments', /Not for this purpose.*open to your role for S47/s],
    ['emergency-clinician', 'EC', 'sexualHealthService', /SEALED.*health.*With break-glass only/s],
    ['teacher', 'ED', 'conditions', undefined],
    ['auditor', undefined, 'familyName', undefined],
  ])('the fields that %s may know of, for %s: %s', async (persona, purpose, field, said) => {
    await begin(persona, purpose);
    await openPane('Fields');
    const pane = page.locator('.fields-pane');
    await pane.getByRole('searchbox').fill(`child ${field}`);
    if (said === undefined) {
      await pane.getByText('0 fields found').waitFor();
      return;
    }
    const found = pane.locator('li', { hasText: field }).first();
    await expect.poll(() => found.textContent(), SLOW).toMatch(said);
    await looksWell(`fields-${persona}-${purpose}`);
  });

  test('copying is on record before anything is in the clipboard, by button and by key', async () => {
    await begin('social-worker', 'S47');
    await ask('query Names($id: ID!) { child(id: $id) { familyName } }', joined());
    await expect.poll(() => shownAnswer(page), SLOW).toContain('familyName');
    const answer = await receipt();
    await page.getByRole('button', { name: 'Copy answer' }).click();
    await page.getByText('Copying is on record.').waitFor();
    expect(await clipboard()).toContain('"familyName"');
    const recorded = async () => {
      const { body } = await stage.system.ask('auditor', {
        query: `{ accessEvents(filter: { practitionerId: "p-social-worker" }, first: 20) { events {
          usedAnswer { origin index use } subjects { childId } } } }`,
      });
      return body.data.accessEvents.events.filter(
        ({ usedAnswer }: { usedAnswer: { index: string } | null }) => usedAnswer?.index === answer.index,
      );
    };
    const copied = {
      usedAnswer: { ...answer, use: 'COPIED' },
      subjects: [{ childId: stage.system.scenarios.joined }],
    };
    const before = await recorded();
    // The intent, and that it was done.
    expect(before).toEqual([copied, copied]);

    await page.evaluate("navigator.clipboard.writeText('nothing')");
    await page.locator('.result-window .view-lines').first().click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('ControlOrMeta+C');
    await expect.poll(() => clipboard(), SLOW).toContain('"familyName"');
    expect(await recorded()).toHaveLength(4);
  });

  test('a view copied from puts each of its answers on record, and prints with its own button alone', async () => {
    await signIn(page, 'accreditation-officer');
    await page.getByRole('link', { name: 'Access review' }).click();
    const view = page.locator('section.view:not([hidden])');
    await view.getByRole('button', { name: 'Print Access review' }).waitFor();
    await expect.poll(() => view.textContent(), SLOW).toContain('Brackenshire');
    const uses = async (use: string) => {
      const { body } = await stage.system.ask('auditor', {
        query: `{ accessEvents(filter: { practitionerId: "p-accreditation-officer" }, first: 50) { events {
          usedAnswer { origin index use } } } }`,
      });
      const events = body.data.accessEvents.events as { usedAnswer: { use: string } | null }[];
      return events.filter(({ usedAnswer }) => usedAnswer?.use === use).length;
    };
    await page.evaluate("navigator.clipboard.writeText('nothing')");
    await view.locator('h2, h3').first().click({ clickCount: 3 });
    await page.keyboard.press('ControlOrMeta+C');
    await page.getByText('Copying is on record.').waitFor();
    expect(await clipboard()).not.toBe('nothing');
    expect(await uses('COPIED')).toBeGreaterThan(0);

    await page.evaluate("window.print = () => document.body.setAttribute('data-printed', 'yes')");
    await view.getByRole('button', { name: 'Print Access review' }).click();
    await page.getByText('Printing is on record.').waitFor();
    expect(await page.locator('body').getAttribute('data-printed')).toBe('yes');
    expect(await uses('PRINTED')).toBeGreaterThan(0);
    await page.emulateMedia({ media: 'print' });
    expect(await view.isVisible()).toBe(false);
  });

  test('an answer of 5 MB is marked, and its places are counted', async () => {
    await begin('social-worker', 'S47');
    await answerLarge(page);
    await ask(LARGE);
    await page.getByText(`${LARGE_WITHHELD} places of this answer are withheld or missing`).waitFor();
    await expect.poll(() => page.locator('.result-window .withheld-mark').count(), SLOW).toBeGreaterThan(0);
  });

  test('what cannot be put on record is not copied and not printed', async () => {
    await begin('social-worker', 'S47');
    await ask('query Names($id: ID!) { child(id: $id) { familyName } }', joined());
    await page.evaluate("navigator.clipboard.writeText('nothing')");
    await page.evaluate(PRINTING);
    await page.route('**/graphql', (route) => route.abort());
    await page.getByRole('button', { name: 'Copy answer' }).click();
    await page.getByText(/so nothing was copied/).waitFor();
    await page.getByRole('button', { name: 'Print answer' }).click();
    await page.getByText(/so nothing was printed/).waitFor();
    expect(await clipboard()).toBe('nothing');
    expect(await page.locator('body').getAttribute('data-printed')).toBeNull();
  });

  test('a reason that is pasted with what cannot be seen is shown and sent without; sent with it, it is refused', async () => {
    await begin('social-worker', 'S47');
    await page.getByLabel('Reason').fill('Asked by \u202erehtom eht\u202c today');
    expect(await page.getByLabel('Reason').inputValue()).toBe('Asked by rehtom eht today');
    await ask('query Names($id: ID!) { child(id: $id) { familyName } }', joined());
    const { events } = await askForEvents(stage.system, {
      practitionerId: 'p-social-worker',
      namesChild: true,
    });
    expect(events[0]?.reason).toBe('Asked by rehtom eht today');

    const query = 'query ($id: ID!) { child(id: $id) { familyName } }';
    const saying = (reason: string) => ({
      ...{ query, variables: joined(), purpose: 'S47' },
      reason: Buffer.from(reason).toString('latin1'),
    });
    const { status, body } = await stage.system.ask(
      'social-worker',
      saying('Asked by \u202erehtom eht\u202c today'),
    );
    expect([status, body.errors?.[0]?.extensions?.['code']]).toEqual([403, 'ACCESS_REASON_REQUIRED']);
    expect((await stage.system.ask('social-worker', saying('שיחה עם גברת כהן'))).status).toBe(200);
  });

  test('printing is on record; what a browser prints by itself has no answer on it', async () => {
    await begin('social-worker', 'S47');
    await ask('query Names($id: ID!) { child(id: $id) { familyName dateOfBirth } }', joined());
    await page.evaluate(PRINTING);
    const { index } = await receipt();
    await page.getByRole('button', { name: 'Print answer' }).click();
    await page.getByText('Printing is on record.').waitFor();
    expect(await page.locator('body').getAttribute('data-printed')).toContain('"dateOfBirth"');
    const { events } = await askForEvents(stage.system, { practitionerId: 'p-social-worker' });
    expect(events[0]?.operationName).toBe('RecordAnswerUse');
    expect(index).toMatch(/^\d+$/);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.result-window').isVisible()).toBe(false);
  });
});
