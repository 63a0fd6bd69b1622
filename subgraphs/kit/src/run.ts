import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { buildSubgraph } from './build.ts';
import { publishChanges } from './change-feed.ts';
import type { SubgraphDefinition } from './definition.ts';
import { readEnvironment, type SubgraphEnvironment } from './environment.ts';
import { readGrantKeys } from './grant-keys.ts';
import { EXIT_CONFIG, SettingError } from './setting-error.ts';
import { connect, KIT_MIGRATIONS, migrate, type Store } from './store.ts';
import { forgetSpentGrants } from './used-grant.ts';
import { describe } from './wire-error.ts';

/** Milliseconds for one statement; the gateway has given up long before. */
const STATEMENT_TIMEOUT = 10_000;

/** Milliseconds that requests in flight have to end after SIGTERM. */
const DRAIN_TIMEOUT = 10_000;

/** Milliseconds between two clearances of spent grants. */
const FORGET_INTERVAL = 600_000;

/**
 * `main.ts` of a subgraph: reads the environment, migrates, listens, and drains on SIGTERM or SIGINT. A missing or wrong
 * setting ends the process with code 78 and a sentence on stderr that names it.
 */
export async function runSubgraph<Loaders>(definition: SubgraphDefinition<Loaders>): Promise<void> {
  try {
    await start(definition, readEnvironment(process.env));
  } catch (cause) {
    const isSetting = cause instanceof SettingError;
    const problem = cause instanceof Error ? cause.message : String(cause);
    process.stderr.write(`${definition.name} does not start: ${problem}\n`);
    process.exit(isSetting ? EXIT_CONFIG : 1);
  }
}

async function start<Loaders>(
  definition: SubgraphDefinition<Loaders>,
  { port, host, databaseUrl, grantKeysFile, redisUrl, logLevel }: SubgraphEnvironment,
): Promise<void> {
  const logger = pino({ name: definition.name, level: logLevel });
  const grants = readGrantKeys(grantKeysFile);
  const { plansOnce = false } = definition;
  await migrated(definition, databaseUrl);
  const store = connect(databaseUrl, { statementTimeout: STATEMENT_TIMEOUT, plansOnce });
  const clock = () => new Date();
  const app = await buildSubgraph(definition, { store, grants, clock, logger });
  await listening(app, host, port);
  const forgetting = setInterval(() => {
    forgetSpentGrants(store, clock()).catch((cause: unknown) =>
      logger.error(describe(cause), 'spent grants were not cleared'),
    );
  }, FORGET_INTERVAL);
  forgetting.unref();
  const [key] = grants;
  const changes =
    definition.pushesChanges === true && redisUrl !== undefined && key !== undefined
      ? publishChanges({ subgraph: definition.name, databaseUrl, redisUrl, key, clock, logger })
      : undefined;
  drainOnSignal(app, store, async () => {
    clearInterval(forgetting);
    await changes?.close();
  });
  logger.info({ port, host }, 'listening');
}

/** Migrations take as long as they need, on a connection of their own. */
async function migrated<Loaders>(definition: SubgraphDefinition<Loaders>, url: string): Promise<void> {
  const { plansOnce = false } = definition;
  const store = connect(url, { max: 1, plansOnce });
  try {
    await store`select 1`.catch((cause: unknown) => {
      const { code = 'no answer' } = cause as { readonly code?: string };
      throw new SettingError('DATABASE_URL', `names a database that cannot be used (${code})`, { cause });
    });
    await migrate(store, KIT_MIGRATIONS);
    await migrate(store, definition.migrations);
  } finally {
    await store.end({ timeout: 5 });
  }
}

async function listening(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const { code = 'unknown' } = cause as { readonly code?: string };
    throw new SettingError('PORT', `${port} on ${host} cannot be listened on (${code})`, { cause });
  }
}

/** Accepted requests are answered, what they changed is told, then the store is let go; a second signal changes nothing. */
function drainOnSignal(app: FastifyInstance, store: Store, close: () => Promise<void>): void {
  let draining = false;
  const drain = () => {
    if (draining) return;
    draining = true;
    setTimeout(() => process.exit(1), DRAIN_TIMEOUT).unref();
    app
      .close()
      .then(close)
      .then(() => store.end({ timeout: 5 }))
      .then(
        () => process.exit(0),
        (cause: unknown) => {
          app.log.error(describe(cause), 'did not stop cleanly');
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
}
