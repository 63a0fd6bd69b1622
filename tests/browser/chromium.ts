import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];

/** No npm package that is installed here ships a browser: it is the machine's. */
function chromiumPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((folder) => PROGRAMS.map((name) => join(folder, name))).find(existsSync);
}

/** Whether tests in a browser are left out. Where `CI` is set they are not, and fail without one. */
export const WITHOUT_BROWSER = chromiumPath() === undefined && process.env['CI'] === undefined;

if (WITHOUT_BROWSER)
  console.warn('\n  !! LEFT OUT: every test in a browser. Chromium is not on this machine.\n');

/** Chromium that reaches 127.0.0.1 and finds no other host. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error('Chromium is not on this machine, and CI is set');
  return await chromium.launch({
    executablePath,
    args: [
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
