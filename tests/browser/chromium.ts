import { chromiumPath } from '@contactpoint/scripts/browser/chromium';

/** Whether tests in a browser are left out. Where `CI` is set they are not, and fail without one. */
export const WITHOUT_BROWSER = chromiumPath() === undefined && process.env['CI'] === undefined;

if (WITHOUT_BROWSER)
  console.warn('\n  !! LEFT OUT: every test in a browser. Chromium is not on this machine.\n');
