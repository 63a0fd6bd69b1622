import { signIn } from '@contactpoint/scripts/browser/sign-in';
import type { Page, Request } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { asAuditOwner } from '../audit/audit-owner.ts';
import { WITHOUT_BROWSER } from './chromium.ts';
import { run, shownAnswer, write } from './editor.ts';
import { PATIENCE } from './explorer-browser.ts';
import { explorerStage } from './explorer-stage.ts';
import { looksWell } from './looks-well.ts';

describe.skipIf(WITHOUT_BROWSER)('an auditor', { timeout: 3 * PATIENCE }, () => {
  const stage = explorerStage();
  let page: Page;

  beforeEach(async () => {
    ({ page } = await stage.open());
  });

  async function begin(): Promise<void> {
    await signIn(page, 'auditor');
    await page.locator('.graphiql-query-editor textarea').first().waitFor({ state: 'attached' });
  }
  async function ask(query: string): Promise<void> {
    await write(page, 'operation', query);
    await write(page, 'variables', '{}');
    await run(page);
    await page.getByText(/^Access event/).waitFor();
  }
  const receipt = async () => {
    const text = await page.getByText(/^Access event/).textContent();
    const [, origin = '', index = ''] = /Access event (\S+) (\d+)/.exec(text ?? '') ?? [];
    return { origin, index };
  };
  const openPane = () => page.getByRole('button', { name: /^Show Access$/ }).click();

  test('finds the newest accesses to children first, and whatever else there was by taking the filter out', async () => {
    await stage.system.ask('social-worker', {
      query: 'query Names($id: ID!) { child(id: $id) { familyName } }',
      variables: { id: stage.system.scenarios.joined },
      purpose: 'S47',
    });
    // Signing in asks for the schema and for more, each of which is on record.
    await begin();
    await expect
      .poll(async () => (await namesOf({ practitionerId: 'p-auditor', namesChild: false })).length, {
        timeout: PATIENCE,
      })
      .toBeGreaterThan(1);
    await run(page);
    await expect.poll(() => shownAnswer(page), { timeout: PATIENCE }).toContain('"accessEvents"');
    const events = JSON.parse(await shownAnswer(page)).data.accessEvents.events;
    expect(events[0]).toMatchObject({ operationName: 'Names', practitionerId: 'p-social-worker' });
    for (const { subjects } of events) expect(subjects.length).toBeGreaterThan(0);

    await write(page, 'variables', '{ "filter": {}, "after": null }');
    await run(page);
    await expect.poll(() => shownAnswer(page), { timeout: PATIENCE }).toContain('IntrospectionQuery');
  });

  async function namesOf(filter: object): Promise<readonly string[]> {
    const query =
      'query ($filter: AccessEventFilter!) { accessEvents(filter: $filter) { events { operationName } } }';
    const { body } = await stage.system.ask('auditor', { query, variables: { filter } });
    return body.data.accessEvents.events.map(({ operationName }: { operationName: string }) => operationName);
  }

  test('an auditor proves the event of an answer in the browser', async () => {
    await begin();
    await ask('query Me { me { id } }');
    await openPane();
    await page.getByRole('button', { name: 'Prove that it is in the log' }).click();
    await page.getByText('Proven.', { exact: true }).waitFor();
    const { index } = await receipt();
    await page.getByText(new RegExp(`Leaf ${index} of .* stands in the tree`)).waitFor();
    await looksWell(page, 'proven');
  });

  test('a receipt that was mistyped is no other one: nothing is proven', async () => {
    await begin();
    await ask('query Me { me { id } }');
    await openPane();
    const { origin, index } = await receipt();
    const other = page.getByLabel('Another receipt');
    const prove = page.getByRole('button', { name: 'Prove that it is in the log' });
    for (const typed of [`${origin} ${index}x`, `${origin},${index}`, index]) {
      await other.fill(typed);
      await page.getByText('This is no receipt').waitFor();
      expect(await prove.isDisabled()).toBe(true);
    }
    // At once: no log has it, and nothing is waited for.
    for (const none of [`${origin} 99999999`, 'contactpoint.local/nobody 0']) {
      await other.fill(none);
      let asked = 0;
      const count = (request: Request) => {
        if (request.postData()?.includes('InclusionProof')) asked += 1;
      };
      page.on('request', count);
      await prove.click();
      await page.getByText('No log has an event under this receipt').waitFor();
      page.off('request', count);
      expect(asked).toBe(1);
    }
    await other.fill(`${origin} 0`);
    await prove.click();
    await page.getByText('Leaf 0 of').waitFor();
  });

  test('a proof of which one byte was changed on its way does not hold', async () => {
    await begin();
    await ask('query Me { me { id } }');
    await page.route('**/graphql', async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      const proof = body.data?.inclusionProof;
      if (proof != null) {
        const bytes = Buffer.from(proof.leafHash, 'base64');
        bytes[5] = (bytes[5] ?? 0) ^ 1;
        proof.leafHash = bytes.toString('base64');
      }
      await route.fulfill({ response, json: body });
    });
    await openPane();
    await page.getByRole('button', { name: 'Prove that it is in the log' }).click();
    await page.getByText('Not proven.', { exact: true }).waitFor();
    expect(await page.locator('.access-pane .failed').textContent()).toContain('PATH');
  });

  test('nor one of a log in which a byte was changed', async () => {
    await begin();
    await ask('query Me { me { id } }');
    await openPane();
    const prove = page.getByRole('button', { name: 'Prove that it is in the log' });
    await prove.click();
    await page.getByText('Proven.', { exact: true }).waitFor();
    const { origin, index } = await receipt();
    await asAuditOwner(stage.system, async (sql) => {
      const changed = await sql`
        update leaf set leaf = changed, leaf_hash = sha256('\\x00'::bytea || changed)
        from (select set_byte(leaf, 60, get_byte(leaf, 60) # 1) as changed from leaf
          where origin = ${origin} and index = ${index}::bigint) as other
        where origin = ${origin} and index = ${index}::bigint returning 1`;
      expect(changed).toHaveLength(1);
    });
    await prove.click();
    await page.getByText('Not proven.', { exact: true }).waitFor();
    expect(await page.locator('.access-pane .failed').textContent()).toContain('It was changed');
    await looksWell(page, 'not-proven');
  });
});
