import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cosigner, type NoteVerifier, verifierOf } from '@contactpoint/audit-log/signed-note';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { Registry } from 'prom-client';
import { createHttpServer } from '../http/server.ts';
import { witnessRoutes } from '../witness/routes.ts';
import { createWitness } from '../witness/witness.ts';
import { WitnessState } from '../witness/witness-state.ts';

const NAME = 'witness.example/w1';
const NOW = new Date('2026-11-22T10:15:00Z');

/** A witness with a memory on disk, which may be started again. */
export interface WitnessBench extends AsyncDisposable {
  readonly url: string;
  readonly vkey: string;
  readonly forks: readonly string[];
  /** Again on the same port, from what it remembers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** @param logs vkeys of the logs that it knows. */
export async function createWitnessBench(logs: readonly string[]): Promise<WitnessBench> {
  const folder = mkdtempSync(join(tmpdir(), 'contactpoint-witness-'));
  const { privateKey } = generateKeyPairSync('ed25519');
  const signer = cosigner(NAME, privateKey, () => NOW);
  await WitnessState.begin(folder, signer.verifierKey);
  const forks: string[] = [];
  const start = async (port: number) => {
    const app = startWitness(privateKey, folder, logs.map(verifierOf), forks);
    await app.listen({ host: '127.0.0.1', port });
    return app;
  };
  let app = await start(0);
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    vkey: signer.verifierKey,
    forks,
    async restart() {
      await app.close();
      app = await start(port);
    },
    stop: () => app.close(),
    async [Symbol.asyncDispose]() {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startWitness(
  key: KeyObject,
  folder: string,
  verifiers: readonly NoteVerifier[],
  forks: string[],
): FastifyInstance {
  const signer = cosigner(NAME, key, () => NOW);
  const state = WitnessState.open(folder, signer.verifierKey);
  const logs = Map.groupBy(verifiers, ({ name }) => name);
  const witness = createWitness({ signer, logs: () => logs, state, onFork: (origin) => forks.push(origin) });
  const logger = pino({ level: 'silent' });
  const app = createHttpServer({ isHealthy: () => true, metrics: new Registry(), logger });
  witnessRoutes(app, { witness, state, onAnswer: () => undefined });
  return app;
}
