import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, migrate, type Store } from '@contactpoint/subgraph-kit/store';
import { createTestDatabase } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { socialCareSubgraph } from '../definition.ts';
import { importCin } from './cin/import.ts';
import { directoryStandIn } from './directory.fixture.ts';
import { importSsda903 } from './ssda903/import.ts';

/** Third-party returns that lie beside a developer's checkout and never in it. */
const FOLDER = fileURLToPath(new URL('../../../../../shared/data/social-care/', import.meta.url));
const isThere = existsSync(FOLDER);
if (!isThere) console.warn(`Left out, no files in ${FOLDER}: the imports of whole statutory returns`);

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  store = connect(database.url);
  await migrate(store, socialCareSubgraph.migrations);
});
afterAll(async () => {
  await store.end();
  await database.drop();
});

describe.runIf(isThere)('whole returns', () => {
  test('the CIN census: every child and episode taken, most UPNs dropped', async () => {
    const { register } = directoryStandIn();
    const file = join(FOLDER, 'fake_CIN_data.xml');
    const first = await importCin(store, file, { register });
    expect(first).toMatchObject({ rows: 734, accepted: 734, quarantined: [] });
    expect(first.kinds).toMatchObject({ children: { rows: 332 }, episodes: { rows: 402 } });
    expect(first.dropped).toHaveLength(332 - 12);
    expect(await importCin(store, file, { register })).toMatchObject({ rows: 734, unchanged: 734 });
  });

  test('SSDA903: every row accounted for, well within a minute, twice with the same result', async () => {
    const { register } = directoryStandIn();
    const files = readdirSync(FOLDER)
      .filter((name) => name.startsWith('903_'))
      .map((name) => join(FOLDER, name));
    const startedAt = performance.now();
    const first = await importSsda903(store, files, { authority: '975', register });
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    expect(first.kinds).toMatchObject({
      children: { rows: 2_675, accepted: 2_675 },
      episodes: { rows: 5_050, accepted: 5_050 },
      // Twelve times two reviews of one day say different things of how the child took part; two are there twice.
      reviews: { rows: 12_582, accepted: 12_568, unchanged: 2, quarantined: 12 },
      missing: { rows: 43, accepted: 43 },
      outcomes: { rows: 2_675, accepted: 2_675 },
      'previous permanence': { rows: 2_675, accepted: 2_675 },
      'asylum seeking': { rows: 132, unchanged: 132 },
    });
    expect(first.rows).toBe(25_832);
    expect(first.dropped).toHaveLength(2_675 - 107);

    const second = await importSsda903(store, files, { authority: '975', register });
    expect(second).toMatchObject({ rows: 25_832, accepted: 0, updated: 0, unchanged: 25_820 });
    expect(second.quarantined).toEqual(first.quarantined);
  }, 60_000);
});
