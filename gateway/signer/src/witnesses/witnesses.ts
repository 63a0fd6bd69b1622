import { aggregateOf } from '@contactpoint/audit-log/origin';
import { createPostgresTiles } from '@contactpoint/audit-log/postgres-tiles';
import { consistencyPath } from '@contactpoint/audit-log/tiled-tree';
import type { Logger } from 'pino';
import type postgres from 'postgres';
import { Counter, Gauge, type Registry } from 'prom-client';
import { Agent } from 'undici';
import type { SignedCheckpoint } from '../signed-checkpoint.ts';
import { createCosignatureStore } from './cosignatures.ts';
import { createWitnessClient } from './witness-client.ts';
import type { Witness } from './witnesses-file.ts';

/** Every witness that is asked, each at its own pace: one that is slow or gone holds up neither rounds nor the others. */
export interface Witnesses {
  offer(checkpoint: SignedCheckpoint): void;
  close(): Promise<void>;
}

/** Bytes of an answer: a cosignature takes some 150. */
const LONGEST_ANSWER = 65_536;

export function createWitnesses(options: {
  readonly witnesses: readonly Witness[];
  readonly sql: postgres.Sql;
  readonly deployment: string;
  readonly registry: Registry;
  readonly logger: Logger;
}): Witnesses {
  const { witnesses, sql, deployment, registry, logger } = options;
  const origin = aggregateOf(deployment);
  const tiles = createPostgresTiles(sql, origin, 'aggregate_leaf');
  const dispatcher = new Agent({ maxResponseSize: LONGEST_ANSWER });
  const registers = [registry];
  const cosigned = new Counter({
    name: 'contactpoint_witness_cosignatures_total',
    help: 'Cosignatures of the log of logs',
    labelNames: ['witness'] as const,
    registers,
  });
  const failures = new Counter({
    name: 'contactpoint_witness_failures_total',
    help: 'Submissions that brought none; AHEAD: the witness knows a larger log than this signer does',
    labelNames: ['witness', 'reason'] as const,
    registers,
  });
  const clients = witnesses.map((witness) => ({
    name: witness.name,
    client: createWitnessClient({
      witness,
      dispatcher,
      prove: (from, to) => consistencyPath(tiles, from, to),
      store: createCosignatureStore(sql, origin),
      logger,
      onCosigned: () => cosigned.inc({ witness: witness.name }),
      onFailure: (reason) => failures.inc({ witness: witness.name, reason }),
    }),
  }));
  new Gauge({
    name: 'contactpoint_witness_behind',
    help: 'Leaves of the log of logs that a witness has not cosigned; with one round a second, about as many seconds',
    labelNames: ['witness'] as const,
    registers,
    collect() {
      for (const { name, client } of clients) {
        if (client.behind !== undefined) this.set({ witness: name }, Number(client.behind));
      }
    },
  });
  return {
    offer(checkpoint) {
      for (const { client } of clients) client.offer(checkpoint);
    },
    async close() {
      await Promise.all(clients.map(({ client }) => client.close()));
      await dispatcher.destroy();
    },
  };
}
