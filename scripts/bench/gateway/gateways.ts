import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Service, type ServiceOptions, startService } from '../../system/service.ts';
import { familyOf } from '../memory.ts';
import type { BenchGraph } from './bench-graph.ts';
import { installRival } from './rival-packages.ts';

export const GATEWAYS = ['contactpoint', 'executor', 'apollo', 'hive', 'grafbase'] as const;

export type GatewayName = (typeof GATEWAYS)[number];

/** A gateway that runs and answers. */
export interface BenchGateway {
  readonly name: GatewayName;
  /** GraphQL endpoint. */
  readonly url: string;
  /** Its processes. */
  pids(): readonly number[];
  stop(): Promise<void>;
}

export interface GatewayOptions {
  readonly graph: BenchGraph;
  readonly port: number;
  /** Folder for CPU profiles of Node's gateways; none are made without. */
  readonly profiles: string | undefined;
}

/** What differs from gateway to gateway. */
interface Plan {
  readonly module: URL;
  readonly words?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly path: string;
  readonly health: string;
  /** Its process only starts the one that counts. */
  readonly isStarter?: boolean;
}

/** @throws Error where it cannot be installed or does not come up; undefined where it has nothing to do with the graph. */
export async function startGateway(
  name: GatewayName,
  options: GatewayOptions,
): Promise<BenchGateway | undefined> {
  const plan = await PLANS[name](options);
  if (plan === undefined) return undefined;
  const base = `http://127.0.0.1:${options.port}`;
  const service = startService(serviceOf(name, plan, options));
  try {
    await service.ready();
  } catch (cause) {
    await service.stop();
    throw cause;
  }
  return {
    name,
    url: `${base}${plan.path}`,
    pids: () => pidsOf(service, plan.isStarter ?? false),
    stop: () => service.stop(),
  };
}

function serviceOf(
  name: GatewayName,
  { module, words = [], environment, health }: Plan,
  { graph, port, profiles }: GatewayOptions,
): ServiceOptions {
  const profiling = {
    NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles} --cpu-prof-name=${name}.cpuprofile`,
  };
  return {
    ...{ name, module, words, health },
    environment: {
      PORT: String(port),
      NODE_ENV: 'production',
      ...environment,
      ...(profiles === undefined ? {} : profiling),
    },
    logFile: join(graph.data, 'logs', `bench-${name}.log`),
  };
}

function pidsOf({ pid }: Service, isStarter: boolean): readonly number[] {
  const family = familyOf(pid);
  return isStarter ? family.filter((each) => each !== pid) : family;
}

const PLANS: Readonly<Record<GatewayName, (options: GatewayOptions) => Promise<Plan | undefined>>> = {
  async contactpoint({ graph, port }) {
    if (graph.contactpoint === undefined) return undefined;
    return {
      module: new URL('../../../gateway/server/src/main.ts', import.meta.url),
      environment: { LOG_LEVEL: 'warn', ...graph.contactpoint },
      path: '/graphql',
      health: `http://127.0.0.1:${port}/ready`,
    };
  },
  async executor({ graph, port }) {
    return {
      module: new URL('executor-server.ts', import.meta.url),
      environment: { SUPERGRAPH_FILE: graph.supergraphFile },
      path: '/graphql',
      health: `http://127.0.0.1:${port}/`,
    };
  },
  async apollo({ graph, port }) {
    return {
      module: new URL('apollo-server.ts', import.meta.url),
      environment: { SUPERGRAPH_FILE: graph.supergraphFile, APOLLO_TELEMETRY_DISABLED: 'true' },
      path: '/',
      health: `http://127.0.0.1:${port + 1}/`,
    };
  },
  async hive({ graph, port }) {
    const words = ['supergraph', graph.supergraphFile, '--host', '127.0.0.1', '--port', String(port)];
    return {
      module: pathToFileURL(await installRival('hive')),
      words,
      environment: {},
      path: '/graphql',
      health: `http://127.0.0.1:${port}/healthcheck`,
    };
  },
  async grafbase({ graph, port }) {
    const program = await installRival('grafbase');
    return {
      module: new URL('run-program.ts', import.meta.url),
      words: [program, 'dev', '--config', grafbaseConfig(graph), '--port', String(port)],
      environment: {},
      path: '/graphql',
      health: `http://127.0.0.1:${port}/health`,
      isStarter: true,
    };
  },
};

/** It composes by itself, from the same SDL. */
function grafbaseConfig({ data, subgraphs }: BenchGraph): string {
  const sections = subgraphs.map(({ name, url, sdl }) => {
    const schema = join(data, `grafbase-${name}.graphql`);
    writeFileSync(schema, sdl);
    return `[subgraphs.${name}]\nurl = "${url}"\nschema_path = "${schema}"\n`;
  });
  const config = join(data, 'grafbase.toml');
  writeFileSync(config, sections.join('\n'));
  return config;
}
