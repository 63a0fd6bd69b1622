import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accreditationSubgraph } from '@contactpoint/accreditation/definition';
import { ingestAccreditation } from '@contactpoint/accreditation/ingest';
import type { ContractSubgraph } from '@contactpoint/contract/sdl';
import { directorySubgraph } from '@contactpoint/directory/definition';
import { ingestBrokers, ingestDirectory } from '@contactpoint/directory/ingest';
import { educationSubgraph } from '@contactpoint/education/definition';
import { ingestEducation } from '@contactpoint/education/ingest';
import { healthSubgraph } from '@contactpoint/health/definition';
import { ingestHealth } from '@contactpoint/health/ingest';
import { socialCareSubgraph } from '@contactpoint/social-care/definition';
import { ingestSocialCare } from '@contactpoint/social-care/ingest';
import { countRows } from '@contactpoint/subgraph-kit/statistics';
import { connect, KIT_MIGRATIONS, migrate, type Store } from '@contactpoint/subgraph-kit/store';
import { makeWorld, type World } from '../synthetic/world.ts';
import type { SubgraphDatabases } from './databases.ts';

/** The same children on every machine and in every test. */
const SEED = 975;

/**
 * Fills the stores of a new system. `scenarios.json` is written last, so a start that was cut off before it fills them
 * again: every agency's ingest replaces what it brought before.
 */
export async function seed({
  data,
  databases,
  children,
}: {
  readonly data: string;
  readonly databases: SubgraphDatabases;
  readonly children: number;
}): Promise<void> {
  const done = join(data, 'scenarios.json');
  if (existsSync(done)) return;
  const world = makeWorld({ seed: SEED, children, now: new Date() });
  // All of them are waited for, also when one fails: whoever hears of the failure stops the databases.
  const filled = await Promise.allSettled(
    AGENCIES.map(({ name, migrations, fill }) => fillOne(databases[name], migrations, fill, world)),
  );
  for (const result of filled) if (result.status === 'rejected') throw result.reason;
  writeFileSync(done, `${JSON.stringify(world.scenarios, null, 2)}\n`);
}

interface Agency {
  readonly name: ContractSubgraph;
  readonly migrations: URL;
  readonly fill: (store: Store, world: World) => Promise<void>;
}

const AGENCIES: readonly Agency[] = [
  {
    name: 'directory',
    migrations: directorySubgraph.migrations,
    fill: async (store, world) => {
      await ingestBrokers(store, world.brokers);
      await ingestDirectory(store, world.directory);
    },
  },
  {
    name: 'education',
    migrations: educationSubgraph.migrations,
    fill: (store, world) => ingestEducation(store, world.education),
  },
  {
    name: 'health',
    migrations: healthSubgraph.migrations,
    fill: (store, world) => ingestHealth(store, world.health),
  },
  {
    name: 'social-care',
    migrations: socialCareSubgraph.migrations,
    fill: (store, world) => ingestSocialCare(store, world.socialCare),
  },
  {
    name: 'accreditation',
    migrations: accreditationSubgraph.migrations,
    fill: (store, world) => ingestAccreditation(store, world.accreditation),
  },
];

async function fillOne(url: string, migrations: URL, fill: Agency['fill'], world: World): Promise<void> {
  const store = connect(url);
  try {
    await migrate(store, KIT_MIGRATIONS);
    await migrate(store, migrations);
    await fill(store, world);
    await countRows(store);
  } finally {
    await store.end();
  }
}
