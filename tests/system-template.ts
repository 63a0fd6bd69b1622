import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureExplorer } from '@contactpoint/explorer/build';
import { startClusters } from '@contactpoint/scripts/system/clusters';
import { prepareDatabases } from '@contactpoint/scripts/system/databases';
import { portsFrom } from '@contactpoint/scripts/system/ports';
import { ensureSecrets } from '@contactpoint/scripts/system/secrets';
import { seed } from '@contactpoint/scripts/system/seed';
import type { TestProject } from 'vitest/node';
import { freeRange } from './free-port.ts';

/** Children in the template, and in every system that asks for no other number. */
export const TEMPLATE_CHILDREN = 60;

/**
 * One data folder as a first start leaves it, with both clusters made and filled: each test file's system begins with
 * a copy, since making the clusters takes longer than starting everything else. What a first start does is tested by
 * those who ask for another number of children, and by the tests of the command.
 */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const data = mkdtempSync(join(tmpdir(), 'contactpoint-test-template-'));
  ensureSecrets(data);
  // Here, and not within the time of whichever test starts the first system.
  await ensureExplorer();
  const clusters = await startClusters({ data }, portsFrom(await freeRange()));
  try {
    const databases = await prepareDatabases(clusters.url, data);
    await seed({ data, databases, children: TEMPLATE_CHILDREN });
  } finally {
    await clusters.stop();
  }
  provide('systemTemplate', data);
  return () => rmSync(data, { recursive: true, force: true });
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Data folder of a system that was never started. */
    systemTemplate: string;
  }
}
