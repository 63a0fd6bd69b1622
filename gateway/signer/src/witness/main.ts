import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { cosigner, type NoteSigner } from '@contactpoint/audit-log/signed-note';
import pino from 'pino';
import { readPrivateKeys } from '../checkpoint-keys.ts';
import { readEnvironment } from '../environment.ts';
import { createHttpServer } from '../http/server.ts';
import { listening, runProcess } from '../process.ts';
import { readKnownLogs } from './known-logs-file.ts';
import { createCosignerMetrics } from './metrics.ts';
import { witnessRoutes } from './routes.ts';
import { WitnessSettings } from './settings.ts';
import { createWitness } from './witness.ts';
import { WitnessState } from './witness-state.ts';

const USAGE = `Cosigns the log of logs of a deployment, for another organisation. See docs/admins/checkpoints.md.

  npm run witness -- [--init]

  --init  once: makes the key, unless there is one, begins the memory, prints the vkey, and ends`;

await runProcess('witness', async () => {
  const { values } = parseArgs({
    options: {
      init: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return said(USAGE);
  const settings = readEnvironment(WitnessSettings, process.env);
  const { WITNESS_NAME: name, WITNESS_KEY_FILE: keyFile, WITNESS_STATE: folder } = settings;
  if (values.init) {
    if (!existsSync(keyFile)) makeKey(keyFile);
    const { verifierKey } = signerOf(name, keyFile);
    await WitnessState.begin(folder, verifierKey);
    return said(verifierKey);
  }

  const signer = signerOf(name, keyFile);
  const logger = pino({ name: 'witness', level: settings.LOG_LEVEL });
  const state = WitnessState.open(folder, signer.verifierKey);
  let logs = readKnownLogs(settings.WITNESS_LOGS_FILE);
  // A log that rotates its key is given another line; one that cannot be read changes nothing.
  process.on('SIGHUP', () => {
    try {
      logs = readKnownLogs(settings.WITNESS_LOGS_FILE);
      logger.info({ logs: logs.size }, 'known logs read again');
    } catch {
      logger.error('known logs not read again');
    }
  });
  const metrics = createCosignerMetrics(state);
  const witness = createWitness({
    signer,
    logs: () => logs,
    state,
    onFork(origin, size) {
      metrics.onFork(origin);
      logger.error({ origin, size: size.toString() }, 'the log contradicts what was cosigned');
    },
  });
  const app = createHttpServer({ isHealthy: () => true, metrics: metrics.registry, logger });
  witnessRoutes(app, { witness, state, onAnswer: metrics.onAnswer });
  await listening(app, settings.HOST, settings.PORT);
  logger.info({ vkey: signer.verifierKey, logs: logs.size }, 'cosigning');
  return { ended: new Promise<void>(() => undefined), stop: async () => await app.close() };
});

function signerOf(name: string, keyFile: string): NoteSigner {
  const [key] = readPrivateKeys('WITNESS_KEY_FILE', keyFile);
  return cosigner(name, key, () => new Date());
}

function makeKey(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
}

function said(text: string): never {
  process.stdout.write(`${text}\n`);
  process.exit(0);
}
