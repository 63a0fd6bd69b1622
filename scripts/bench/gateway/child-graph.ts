import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { CONTRACT_SUBGRAPHS, readContract } from '@contactpoint/contract/sdl';
import { parse } from 'graphql';
import { fetchPersonaToken } from '../../identity-provider/persona-token.ts';
import { bringUp, type RunningSystem } from '../../system/bring-up.ts';
import { DEPLOYMENT } from '../../system/deployment.ts';
import { findFreeRange } from '../../system/free-ports.ts';
import { type Service, startService } from '../../system/service.ts';
import type { BenchGraph } from './bench-graph.ts';
import { allocateChildren } from './known-children.ts';
import { bodyOf, CASELOAD, VIEW } from './operations.ts';
import { plainSdl } from './plain-sdl.ts';

/** Subgraphs that a gateway asks for these operations, on its own behalf included. */
const METERED = ['directory', 'education', 'health', 'social-care', 'accreditation'] as const;

/**
 * So many that callers seldom ask for the same one at once, which some gateways answer by one request; and so few that
 * alerts about a reader of that many children cost the directory nothing that would be measured.
 */
const CHILDREN = 600;

/** More than are asked for: what is measured is not how reading is limited. The highest that a deployment may set. */
const LIMITS = {
  'social-worker': {
    recordsPerHour: 10_000,
    recordsPerDay: 10_000,
    childrenPerDay: 10_000,
    missesPerHour: 10_000,
  },
};

/**
 * Brings a system up, and puts processes that count in the places of its subgraphs.
 *
 * @param remembering Whether they answer from memory what they have answered before.
 */
export async function startChildGraph(remembering = false): Promise<BenchGraph> {
  const data = mkdtempSync(join(tmpdir(), 'contactpoint-bench-'));
  const system = await bringUp({ data, port: await findFreeRange(), children: CHILDREN });
  const metered: Service[] = [];
  const stop = async () => {
    await Promise.all(metered.map((service) => service.stop()));
    await system.stop();
    rmSync(data, { recursive: true, force: true });
  };
  try {
    for (const name of ['gateway', ...METERED]) await system.services.get(name)?.stop();
    const { children, cursors } = await allocateChildren(system.databases);
    for (const name of METERED) metered.push(startMetered(system, data, name, remembering));
    await Promise.all(metered.map((service) => service.ready()));
    const headers = headersOf(system);
    return {
      operations: [
        {
          name: 'view',
          bodies: children.map((id) => bodyOf(VIEW, { id })),
          headers,
          whole: '"attendance":[',
        },
        {
          name: 'caseload',
          bodies: cursors.map((after) => bodyOf(CASELOAD, { after })),
          headers,
          whole: '"attendance":[',
        },
      ],
      ...composePlain(system, data),
      counted: METERED.map((name) => baseOf(system, name)),
      contactpoint: contactpointEnvironment(system, data),
      data,
      stop,
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

function startMetered(
  system: RunningSystem,
  data: string,
  name: (typeof METERED)[number],
  remembering: boolean,
): Service {
  return startService({
    name,
    module: new URL('metered-subgraph.ts', import.meta.url),
    words: remembering ? [name, 'remembering'] : [name],
    environment: {
      PORT: String(system.ports[name]),
      DATABASE_URL: system.databases[name],
      GRANT_KEYS_FILE: join(system.secrets.grantKeys, `${name}.json`),
    },
    logFile: join(data, 'logs', `metered-${name}.log`),
    health: `${baseOf(system, name)}/health`,
  });
}

function composePlain(system: RunningSystem, data: string): Pick<BenchGraph, 'supergraphFile' | 'subgraphs'> {
  const subgraphs = CONTRACT_SUBGRAPHS.map((name) => ({
    name,
    url: `${baseOf(system, name)}/graphql`,
    sdl: plainSdl(readContract(name)),
  }));
  const { supergraphSdl, errors } = composeServices(
    subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  if (supergraphSdl === undefined) throw new Error(`The contract does not compose: ${errors?.[0]?.message}`);
  const supergraphFile = join(data, 'plain-supergraph.graphql');
  writeFileSync(supergraphFile, supergraphSdl);
  return { subgraphs, supergraphFile };
}

function contactpointEnvironment(system: RunningSystem, data: string): Readonly<Record<string, string>> {
  const limits = join(data, 'browse-limits.json');
  writeFileSync(limits, JSON.stringify(LIMITS));
  return {
    INSTANCE: 'bench',
    DEPLOYMENT,
    SUPERGRAPH_FILE: join(data, 'supergraph.graphql'),
    GRANT_KEYS_FOLDER: system.secrets.grantKeys,
    AUDIT_DATABASE_URL: system.clusters.audit.writerUrl,
    AUDIT_KEYS_FILE: system.secrets.auditKeys,
    DIGEST_KEY_FILE: system.secrets.digestKey,
    OIDC_ISSUER: system.urls.identityProvider,
    OIDC_AUDIENCE: 'https://contactpoint.example/graphql',
    BROWSE_LIMITS_FILE: limits,
    ALERT_INTERVAL: '60',
  };
}

function baseOf({ ports }: RunningSystem, name: (typeof CONTRACT_SUBGRAPHS)[number]): string {
  return `http://127.0.0.1:${ports[name]}`;
}

function headersOf({ urls }: RunningSystem) {
  return async () => ({
    authorization: `Bearer ${await fetchPersonaToken(urls.identityProvider, 'social-worker')}`,
    'access-purpose': 'S47',
    'access-reason': 'Measurement of the joined view',
  });
}
