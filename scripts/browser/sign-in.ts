import type { Page } from 'playwright-core';

/** Signs in through the pages of the identity provider, and waits for the explorer to be back. */
export async function signIn(page: Page, persona: string): Promise<void> {
  await signInAt(page, persona, 'Sign in');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

/** The sign-in alone: whether there is a session afterwards is the gateway's to say. */
export async function signInAt(page: Page, persona: string, button: string): Promise<void> {
  const opening = page.waitForEvent('popup');
  await page.getByRole('button', { name: button, exact: true }).click();
  const provider = await opening;
  const closed = new Promise((resolve) => provider.once('close', resolve));
  await provider.locator(`input[name=persona][value="${persona}"]`).check();
  await provider.getByRole('button', { name: 'Continue' }).click();
  await provider.getByRole('button', { name: 'Sign in', exact: true }).click();
  await closed;
}
