import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { describe, expect, test } from 'vitest';
import { startCluster } from './embedded-postgres.ts';

describe('startCluster', () => {
  test.each([
    ['a folder that anyone may enter', 0o755, 5_700],
    ['a folder that only its owner may enter', 0o700, 5_701],
  ])('keeps what was committed across a restart, in %s', async (_case, mode, port) => {
    const folder = mkdtempSync(join(tmpdir(), 'contactpoint-cluster-'));
    chmodSync(folder, mode);
    try {
      const first = await startCluster({ folder: join(folder, 'cluster'), port });
      const writer = postgres(first.url);
      await writer`create table kept (n int)`;
      await writer`insert into kept values (7)`;
      await writer.end();
      await first.stop();

      const second = await startCluster({ folder: join(folder, 'cluster'), port });
      const reader = postgres(second.url);
      expect(await reader`select n from kept`).toEqual([{ n: 7 }]);
      await reader.end();
      await second.stop();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
