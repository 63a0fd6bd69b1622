import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compose } from '@contactpoint/composition/compose';
import { CONTRACT_SUBGRAPHS, readContract } from '@contactpoint/contract/sdl';
import { ensureExplorer } from '@contactpoint/explorer/build';
import { type Clusters, orUnreachable, startClusters } from './clusters.ts';
import { prepareDatabases, type SubgraphDatabases } from './databases.ts';
import { DEPLOYMENT } from './deployment.ts';
import { requireFreePorts } from './free-ports.ts';
import { InterruptedStart, orInterrupted } from './interruption.ts';
import { type Ports, portsFrom } from './ports.ts';
import { removeRunFile, writeRunFile } from './run-file.ts';
import { ensureSecrets, refuseProduction, type SecretFiles } from './secrets.ts';
import { seed } from './seed.ts';
import { type Service, startService } from './service.ts';
import { type StartLock, takeStartLock } from './start-lock.ts';

export interface SystemOptions {
  /** Folder of everything the system keeps. */
  readonly data: string;
  /** Of the gateway; the others follow. */
  readonly port: number;
  /** Synthetic children, made at the first start. */
  readonly children: number;
  /** Existing clusters to use in place of embedded ones. */
  readonly databaseUrl?: string | undefined;
  readonly auditDatabaseUrl?: string | undefined;
  /** As in `REDIS_URL`: changes are pushed over it. */
  readonly redisUrl?: string | undefined;
  /** Settings over the gateway's own, for tests of limits: `{ SUBGRAPH_TIMEOUT: '500' }`. */
  readonly gatewayEnvironment?: Readonly<Record<string, string>>;
  /** Lets the signer believe checkpoints of the database that its own folder does not remember. */
  readonly adoptCheckpoints?: boolean;
  readonly onProgress?: (step: string) => void;
  /** Ends a start under way; it then leaves nothing behind either. */
  readonly signal?: AbortSignal;
}

/** A whole system on this machine. */
export interface RunningSystem {
  readonly ports: Ports;
  readonly urls: { readonly gateway: string; readonly identityProvider: string; readonly signer: string };
  readonly databases: SubgraphDatabases;
  readonly clusters: Clusters;
  readonly secrets: SecretFiles;
  /** By name: the subgraphs, `identity-provider`, `signer`, `gateway`. */
  readonly services: ReadonlyMap<string, Service>;
  /** Settles with the name of the first process that ended without being asked. */
  readonly failed: Promise<string>;
  /** Starts a service again that was stopped. */
  restart(name: string): Promise<void>;
  /** Lets the gateway answer what it accepted, then stops everything behind it. */
  stop(): Promise<void>;
}

const AUDIENCE = 'https://contactpoint.example/graphql';

/** Milliseconds for what a killed start left behind to end by itself. */
const ORPHANS_END = 20_000;

/**
 * Brings up clusters, databases, children, subgraphs, identity provider, signer and gateway. When a step fails, or the start is
 * told to stop, everything that was started before it is stopped again.
 *
 * @throws Error saying which part did not come up, and its last words; InterruptedStart.
 */
export async function bringUp(options: SystemOptions): Promise<RunningSystem> {
  refuseProduction();
  const lock = takeStartLock(options.data);
  try {
    return await bringUpLocked(options, lock);
  } catch (cause) {
    lock.release();
    throw cause;
  }
}

async function bringUpLocked(options: SystemOptions, lock: StartLock): Promise<RunningSystem> {
  const { data, signal, onProgress = () => {} } = options;
  const ports = portsFrom(options.port);
  const secrets = ensureSecrets(data);

  const explorer = await ensureExplorer({ onBuild: () => onProgress('Explorer, built once'), signal }).catch(
    (cause: unknown) => {
      throw signal?.aborted === true ? new InterruptedStart() : cause;
    },
  );

  onProgress('PostgreSQL');
  await requireFreePorts(portsOfServices(ports), lock.isInherited ? ORPHANS_END : 0);
  const clusters = await startClusters(options, ports);
  const services = new Map<string, Service>();
  try {
    onProgress('Databases');
    const preparing = orUnreachable('DATABASE_URL', prepareDatabases(clusters.url, data));
    const databases = await orInterrupted(signal, preparing);
    onProgress('Migrations and synthetic children');
    // Waited for even when told to stop: the driver ends the process when a store goes away under a transaction.
    await seed({ data, databases, children: options.children });
    if (signal?.aborted) throw new InterruptedStart();
    const plans = planServices(options, ports, secrets, databases, clusters, explorer);

    onProgress('Subgraphs, identity provider and signer');
    const behind = [...plans.keys()].filter((name) => name !== 'gateway');
    for (const name of behind) services.set(name, startService(plans.get(name) as never));
    await orInterrupted(signal, Promise.all(behind.map((name) => services.get(name)?.ready())));

    onProgress('Gateway');
    composeInto(join(data, 'supergraph.graphql'), ports);
    services.set('gateway', startService(plans.get('gateway') as never));
    await orInterrupted(signal, services.get('gateway')?.ready() ?? Promise.resolve());

    const urls = {
      gateway: `http://127.0.0.1:${ports.gateway}`,
      identityProvider: `http://127.0.0.1:${ports.identityProvider}`,
      signer: `http://127.0.0.1:${ports.signer}`,
    };
    writeRunFile(data, {
      pid: process.pid,
      deployment: DEPLOYMENT,
      urls,
      databases: { ...databases },
      audit: clusters.audit,
    });

    let stopping = false;
    const asked = new Set<string>();
    return {
      ports,
      urls,
      databases,
      clusters,
      secrets,
      services,
      failed: new Promise((settle) => {
        for (const [name, service] of services) {
          void service.ended.then(() => {
            if (!stopping && !asked.has(name)) settle(name);
          });
        }
      }),
      async restart(name) {
        asked.add(name);
        await services.get(name)?.stop();
        const service = startService(plans.get(name) as never);
        services.set(name, service);
        await service.ready();
      },
      async stop() {
        stopping = true;
        await stopAll(services);
        await clusters.stop();
        removeRunFile(data);
        lock.release();
      },
    };
  } catch (cause) {
    await stopAll(services);
    await clusters.stop();
    throw cause;
  }
}

/** PostgreSQL speaks for itself when its port is taken; and one that a killed start left is stopped, not refused. */
function portsOfServices({ database: _, auditDatabase: __, ...services }: Ports): Record<string, number> {
  return services;
}

/** The gateway first: it still needs the others for what it has accepted, and the signer covers what it appended last. */
async function stopAll(services: ReadonlyMap<string, Service>): Promise<void> {
  await services.get('gateway')?.stop();
  await Promise.all([...services.values()].map((service) => service.stop()));
}

type ServicePlan = Parameters<typeof startService>[0];

function planServices(
  { data, redisUrl, gatewayEnvironment = {}, adoptCheckpoints = false }: SystemOptions,
  ports: Ports,
  secrets: SecretFiles,
  databases: SubgraphDatabases,
  clusters: Clusters,
  explorer: string,
): ReadonlyMap<string, ServicePlan> {
  const plans = new Map<string, ServicePlan>();
  const logFile = (name: string) => join(data, 'logs', `${name}.log`);
  const redis: Record<string, string> = redisUrl === undefined ? {} : { REDIS_URL: redisUrl };
  for (const name of CONTRACT_SUBGRAPHS) {
    plans.set(name, {
      name,
      module: new URL(`../../subgraphs/${name}/src/main.ts`, import.meta.url),
      environment: {
        PORT: String(ports[name]),
        DATABASE_URL: databases[name],
        GRANT_KEYS_FILE: join(secrets.grantKeys, `${name}.json`),
        ...redis,
        ...(name === 'oversight' ? { AUDIT_DATABASE_URL: clusters.audit.readerUrl } : {}),
      },
      logFile: logFile(name),
      health: `http://127.0.0.1:${ports[name]}/health`,
    });
  }
  const issuer = `http://127.0.0.1:${ports.identityProvider}`;
  plans.set('identity-provider', {
    name: 'identity-provider',
    module: new URL('../identity-provider/main.ts', import.meta.url),
    environment: {
      PORT: String(ports.identityProvider),
      ISSUER: issuer,
      AUDIENCE,
      KEYS_FILE: secrets.identityProviderKeys,
      CLIENT_REDIRECTS: `http://127.0.0.1:${ports.gateway}/explorer/callback`,
    },
    logFile: logFile('identity-provider'),
    health: `${issuer}/health`,
  });
  const witnesses = join(data, 'witnesses.json');
  plans.set('signer', {
    name: 'signer',
    module: new URL('../../gateway/signer/src/main.ts', import.meta.url),
    words: adoptCheckpoints ? ['--adopt'] : [],
    environment: {
      PORT: String(ports.signer),
      AUDIT_SIGNER_URL: clusters.audit.signerUrl,
      DEPLOYMENT,
      CHECKPOINT_KEY_FILE: secrets.checkpointKey,
      AUDIT_KEYS_FILE: secrets.auditKeys,
      SIGNER_STATE: join(data, 'signer'),
      ...(existsSync(witnesses) ? { WITNESSES_FILE: witnesses } : {}),
    },
    logFile: logFile('signer'),
    health: `http://127.0.0.1:${ports.signer}/health`,
  });
  plans.set('gateway', {
    name: 'gateway',
    module: new URL('../../gateway/server/src/main.ts', import.meta.url),
    environment: {
      PORT: String(ports.gateway),
      SUPERGRAPH_FILE: join(data, 'supergraph.graphql'),
      GRANT_KEYS_FOLDER: secrets.grantKeys,
      AUDIT_DATABASE_URL: clusters.audit.writerUrl,
      AUDIT_KEYS_FILE: secrets.auditKeys,
      DIGEST_KEY_FILE: secrets.digestKey,
      OIDC_ISSUER: issuer,
      OIDC_AUDIENCE: AUDIENCE,
      EXPLORER_FOLDER: explorer,
      DEPLOYMENT,
      ...redis,
      ...gatewayEnvironment,
    },
    logFile: logFile('gateway'),
    health: `http://127.0.0.1:${ports.gateway}/ready`,
  });
  return plans;
}

/** Until agencies can publish to a registry, the supergraph is composed from the contract at each start. */
function composeInto(file: string, ports: Ports): void {
  const result = compose(
    CONTRACT_SUBGRAPHS.map((name) => ({
      name,
      url: `http://127.0.0.1:${ports[name]}/graphql`,
      sdl: readContract(name),
    })),
  );
  if (result.errors !== undefined)
    throw new Error(
      `The contract does not compose: ${result.errors.map(({ message }) => message).join('; ')}`,
    );
  writeFileSync(file, result.supergraphSdl);
}
