import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { composeServices } from '@apollo/composition';
import { AccessError } from '@contactpoint/access/access-error';
import { attainable, createDecider } from '@contactpoint/access/decide';
import { GRANT_LIFETIME, type GrantKey, signGrant } from '@contactpoint/access/grant';
import { loadPolicySet } from '@contactpoint/access/policy-set';
import type { AccessEventPart } from '@contactpoint/audit-log/access-event';
import { decodeAccessEvent } from '@contactpoint/audit-log/decode-access-event';
import { compose } from '@contactpoint/composition/compose';
import { prepareSubgraph } from '@contactpoint/composition/prepare-subgraph';
import { createParser } from '@contactpoint/gateway/pipeline/parse';
import { createPlanner } from '@contactpoint/gateway/pipeline/plan';
import type { PipelineResponse } from '@contactpoint/gateway/pipeline/request';
import type { GrantSigner } from '@contactpoint/gateway/subgraphs/grants';
import { loadSupergraph } from '@contactpoint/gateway/supergraph';
import { memoryLog, pipelineInTest } from '@contactpoint/gateway/testing/pipeline';
import type { GraphQLSchema } from 'graphql';
import pino from 'pino';
import { AGENCIES, type Agency, type LinkedNames, published } from './agencies.ts';
import { type AgencyServer, type Recorded, startAgency, type Tampering } from './agency-server.ts';
import { type Caller, factsOf, NOW, principalOf, type Question } from './caller.ts';

import type { World } from './world.ts';

/** What one operation left behind, everywhere. */
export interface Traces {
  readonly response: PipelineResponse;
  /** The response's bytes, headers included. */
  readonly text: string;
  /** What agencies were asked, in order of arrival. */
  readonly requests: readonly Recorded[];
  readonly events: readonly AccessEventPart[];
  /** Every byte that was recorded or logged. */
  readonly kept: string;
}

/** The real pipeline over agencies that do not look: the gateway alone must hold. */
export interface Bench {
  readonly schema: GraphQLSchema;
  readonly agencies: Readonly<Record<string, AgencyServer>>;
  /** Verifies what a request carried, by agency. */
  readonly grantKeys: ReadonlyMap<string, GrantKey>;
  /** One operation; the traces are its own only as long as no other one is under way. */
  ask(caller: Caller, question: Question): Promise<Traces>;
  /** The same, for operations side by side: the response alone. */
  askBeside(caller: Caller, question: Question): Promise<PipelineResponse>;
  setWorld(world: World): void;
  tamper(tampering: Tampering | undefined): void;
  close(): Promise<void>;
}

export interface BenchOptions {
  readonly agencies?: readonly Agency[];
  readonly names?: LinkedNames;
  /** By Apollo's composer alone, as a supergraph from elsewhere might be; ours refuses some of them. */
  readonly unchecked?: boolean;
  /** Last change to the supergraph before it is loaded. */
  readonly rewrite?: (supergraphSdl: string) => string;
}

export async function openBench(options: BenchOptions = {}): Promise<Bench> {
  const { agencies = AGENCIES, names = {} } = options;
  let world: World = { seed: 1 };
  let tampering: Tampering | undefined;
  const requests: Recorded[] = [];
  const servers = await Promise.all(
    agencies.map(async (agency) => {
      const server = await startAgency({
        agency,
        world: () => world,
        tampering: () => tampering,
        record: (request) => requests.push(request),
      });
      return [agency.name, server] as const;
    }),
  );
  const close = async () => {
    await Promise.all(servers.map(([, server]) => server.close()));
  };
  try {
    const published_ = agencies.map((agency, index) => ({
      name: agency.name,
      url: servers[index]?.[1].url ?? '',
      sdl: published(agency, names),
    }));
    const composed = options.unchecked ? composedUnchecked(published_) : composedByUs(published_);
    const gateway = openPipeline(options.rewrite?.(composed) ?? composed);
    return {
      schema: gateway.schema,
      agencies: Object.fromEntries(servers),
      grantKeys: gateway.grantKeys,
      async ask(caller, question) {
        const before = [requests.length, gateway.log.leaves.length, gateway.lines.length] as const;
        const response = await gateway.ask(caller, question);
        // Not the log's own `events`: it decodes all that there ever were.
        const leaves = gateway.log.leaves.slice(before[1]);
        return {
          response,
          text: JSON.stringify(response),
          requests: requests.slice(before[0]),
          events: leaves.map(decodeAccessEvent),
          kept: [
            ...leaves.map((leaf) => Buffer.from(leaf).toString()),
            ...gateway.lines.slice(before[2]),
          ].join('\n'),
        };
      },
      askBeside: gateway.ask,
      setWorld: (next) => {
        world = next;
      },
      tamper: (next) => {
        tampering = next;
      },
      async close() {
        await close();
        await gateway.close();
      },
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

type Published = { readonly name: string; readonly url: string; readonly sdl: string };

function composedByUs(agencies: readonly Published[]): string {
  const { supergraphSdl, errors } = compose(agencies);
  if (supergraphSdl === undefined) throw new CompositionRefused(errors.map(({ message }) => message));
  return supergraphSdl;
}

function composedUnchecked(agencies: readonly Published[]): string {
  const services = agencies.map((agency) => {
    const prepared = prepareSubgraph(agency);
    if ('errors' in prepared) throw new CompositionRefused(prepared.errors.map(({ message }) => message));
    const { name, url, document } = prepared.subgraph;
    return { name, url, typeDefs: document };
  });
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new CompositionRefused((errors ?? []).map(({ message }) => message));
  return supergraphSdl;
}

/** The agencies do not compose; for tests of what must not. */
export class CompositionRefused extends Error {
  override readonly name = 'CompositionRefused';

  constructor(messages: readonly string[]) {
    super(messages.join('\n'));
  }
}

function openPipeline(supergraphSdl: string) {
  const policySet = loadPolicySet();
  const decide = createDecider(policySet);
  // Milliseconds as no agency here takes, however busy the machine: what is slow must not pass for what is down.
  const supergraph = loadSupergraph(supergraphSdl, 120_000);
  const log = memoryLog();
  const lines: string[] = [];
  const callers = new Map<string, Caller>();
  const { grants, keys } = createSigner(Object.keys(supergraph.endpoints), log.origin);
  const callerOf = (id: string): Caller => {
    const caller = callers.get(id);
    if (caller === undefined) throw new AccessError('UNAUTHENTICATED', 'Nobody is called that');
    return caller;
  };

  const { pipeline } = pipelineInTest({
    parts: {
      supergraph,
      tokens: {
        verify: async (authorization) => ({
          practitionerId: callerOf(authorization?.replace('Bearer ', '') ?? '').practitionerId,
          clientId: 'bench',
          expiresAt: new Date(NOW.getTime() + 3_600_000),
        }),
      },
      principals: {
        find: async (id) => principalOf(callerOf(id)),
        forget: () => {},
        close: async () => {},
      },
      facts: {
        async find({ sub }, children, onQuestion) {
          if (children.length > 0) onQuestion(randomUUID());
          return new Map(children.map((child) => [child, factsOf(callerOf(sub), child)]));
        },
        forget: () => {},
        close: async () => {},
      },
      grants,
      parser: createParser(supergraph.executor.schema),
      planner: createPlanner(supergraph, (principal, { purpose, override }) =>
        attainable(decide, principal, purpose, override),
      ),
      decide,
      log,
      logger: pino({ level: 'trace' }, new Writable({ write: keepIn(lines) })),
      now: () => NOW,
    },
  });

  return {
    schema: supergraph.executor.schema,
    log,
    lines,
    grantKeys: keys,
    ask: (caller: Caller, { query, variables = {}, operationName }: Question) => {
      const { onBehalfOf } = caller;
      for (const each of [caller, onBehalfOf]) if (each !== undefined) callers.set(each.practitionerId, each);
      return pipeline({
        headers: {
          authorization: `Bearer ${caller.practitionerId}`,
          purpose: caller.purpose,
          reason: 'Enquiry opened this morning',
          override: undefined,
          onBehalfOf: onBehalfOf?.practitionerId,
        },
        source: '127.0.0.1',
        client: 'bench',
        operation: { kind: 'operation', query, operationName, variables },
      });
    },
    close: () => supergraph.executor.close(),
  };
}

function keepIn(lines: string[]) {
  return (chunk: Buffer, _encoding: string, done: () => void) => {
    lines.push(chunk.toString());
    done();
  };
}

function createSigner(agencies: readonly string[], origin: string) {
  const keys = new Map<string, GrantKey>(
    agencies.map((name, index) => [name, { kid: `${name}-1`, secret: Buffer.alloc(32, index + 1) }]),
  );
  const grants: GrantSigner = {
    sign(content, now) {
      const key = keys.get(content.aud);
      if (key === undefined) throw new Error(`No grant key for ${content.aud}`);
      const jti = randomUUID();
      const iat = Math.floor(now.getTime() / 1000);
      const grant = signGrant(key, { ...content, iss: origin, iat, exp: iat + GRANT_LIFETIME, jti });
      return { grant, jti };
    },
  };
  return { grants, keys };
}
