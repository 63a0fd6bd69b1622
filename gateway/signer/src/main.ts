import { parseArgs } from 'node:util';
import pino from 'pino';
import postgres from 'postgres';
import { readEnvironment, SignerSettings } from './environment.ts';
import { readPublished } from './http/published.ts';
import { readRoutes } from './http/read-routes.ts';
import { createHttpServer } from './http/server.ts';
import { createSignerMetrics } from './metrics.ts';
import { listening, runProcess } from './process.ts';
import { startSigner } from './signer.ts';
import { watchCheckpointKeys } from './watched-keys.ts';
import { createWitnesses } from './witnesses/witnesses.ts';
import { readWitnesses } from './witnesses/witnesses-file.ts';

/** Connections for whoever reads, and for witnesses; rounds have one of their own. */
const READERS = 2;
/** Milliseconds. */
const STATEMENT_TIMEOUT = 5_000;

await runProcess('signer', async () => {
  const { values } = parseArgs({ options: { adopt: { type: 'boolean', default: false } } });
  const settings = readEnvironment(SignerSettings, process.env);
  const { AUDIT_SIGNER_URL: databaseUrl, DEPLOYMENT: deployment } = settings;
  const logger = pino({ name: 'signer', level: settings.LOG_LEVEL });
  const keys = watchCheckpointKeys(settings.CHECKPOINT_KEY_FILE, settings.AUDIT_KEYS_FILE, logger);
  const metrics = createSignerMetrics();
  const sql = postgres(databaseUrl, {
    max: READERS,
    connect_timeout: 5,
    onnotice: () => undefined,
    connection: { application_name: 'contactpoint-signer-reader', statement_timeout: STATEMENT_TIMEOUT },
  });
  const witnesses = createWitnesses({
    witnesses: readWitnesses(settings.WITNESSES_FILE),
    sql,
    deployment,
    registry: metrics.registry,
    logger,
  });
  const signer = startSigner({
    databaseUrl,
    deployment,
    stateFolder: settings.SIGNER_STATE,
    keys,
    adopt: values.adopt,
    clock: () => new Date(),
    logger,
    onRound: metrics.onRound,
    onAggregate: witnesses.offer,
  });
  const app = createHttpServer({ isHealthy: () => signer.healthy, metrics: metrics.registry, logger });
  readRoutes(app, readPublished({ sql, deployment, quorum: settings.WITNESS_QUORUM }));

  await listening(app, settings.HOST, settings.PORT);
  return {
    ended: signer.ended,
    async stop() {
      await app.close();
      await signer.stop();
      await witnesses.close();
      await sql.end({ timeout: 1 });
    },
  };
});
