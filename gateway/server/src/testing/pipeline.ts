import { AccessError } from '@contactpoint/access/access-error';
import type { Facts } from '@contactpoint/access/facts';
import type { Principal } from '@contactpoint/access/principal';
import type { AccessEvent, AccessEventPart } from '@contactpoint/audit-log/access-event';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { decodeAccessEvent } from '@contactpoint/audit-log/decode-access-event';
import type { ExecuteInput, ExecutionResult } from '@contactpoint/executor/execution';
import pino from 'pino';
import { createOpenSubscriptions } from '../pipeline/open-subscriptions.ts';
import { createOwedEvents } from '../pipeline/owed-events.ts';
import { createParser } from '../pipeline/parse.ts';
import { createPipeline, type Pipeline, type PipelineParts } from '../pipeline/pipeline.ts';
import { createPlanner } from '../pipeline/plan.ts';
import { createRefusalCounter, type RefusalCounter } from '../pipeline/refusal-counter.ts';
import type { AccessHeaders, PipelineRequest } from '../pipeline/request.ts';
import { contractSupergraph } from './contract-supergraph.ts';
import { atBest, decide, factsSource } from './decisions.ts';
import { JOINED, NOW, principalOf } from './personas.ts';

const supergraph = contractSupergraph();
const parser = createParser(supergraph.executor.schema);

/** A log in memory, which can be made to fail. */
export interface MemoryLog extends AuditLog {
  /** Leaves in the order in which they were kept. */
  readonly leaves: Uint8Array[];
  readonly events: readonly AccessEventPart[];
  failing: boolean;
}

export function memoryLog(): MemoryLog {
  const leaves: Uint8Array[] = [];
  return {
    origin: 'log.example',
    leaves,
    failing: false,
    healthy: true,
    get events() {
      return leaves.map((leaf) => decodeAccessEvent(leaf));
    },
    async append(leaf) {
      if (this.failing) throw new Error('the disk is full');
      return { origin: 'log.example', index: BigInt(leaves.push(leaf) - 1) };
    },
    close: async () => {},
  };
}

export interface PipelineInTest {
  readonly pipeline: Pipeline;
  readonly log: MemoryLog;
  /** Lines of the gateway's own log. */
  readonly lines: string[];
  /** Operations that came as far as the executor. */
  readonly executed: ExecuteInput[];
  readonly used: string[];
  readonly refusals: RefusalCounter;
  now: Date;
}

export interface PipelineSetting {
  /** By token, the practitioner; a token that is not here is refused. */
  readonly principals?: Readonly<Record<string, Principal | null>>;
  readonly known?: Readonly<Record<string, Facts>>;
  /** Of every token. */
  readonly expiresAt?: Date;
  readonly execute?: (input: ExecuteInput) => Promise<ExecutionResult>;
  readonly parts?: Partial<PipelineParts>;
}

/** The pipeline on the contract's supergraph and the real policies, with everything outside the process replaced. */
export function pipelineInTest(setting: PipelineSetting = {}): PipelineInTest {
  const { principals = { worker: principalOf('social-worker') }, known = {} } = setting;
  const { execute = async () => ({ data: {}, errors: [] }) } = setting;
  const { expiresAt = new Date(NOW.getTime() + 3_600_000) } = setting;
  const log = memoryLog();
  const lines: string[] = [];
  const executed: ExecuteInput[] = [];
  const used: string[] = [];
  const refusals = createRefusalCounter(countedEvent);
  const inTest = { log, lines, executed, used, refusals, now: NOW };
  const pipeline = createPipeline({
    supergraph: {
      ...supergraph,
      executor: {
        ...supergraph.executor,
        execute(input) {
          executed.push(input);
          return execute(input);
        },
      },
    },
    tokens: {
      async verify(authorization) {
        const token = authorization?.replace('Bearer ', '') ?? '';
        if (!Object.hasOwn(principals, token)) throw new AccessError('UNAUTHENTICATED', 'Sign in');
        return { practitionerId: `p-${token}`, clientId: 'token-client', expiresAt };
      },
    },
    principals: {
      async find(practitionerId, _evt, onQuestion) {
        onQuestion('principal-jti');
        return principals[practitionerId.slice(2)] ?? null;
      },
      forget: () => {},
      close: async () => {},
    },
    facts: factsSource(known),
    childNumbers: { find: async (children) => Object.fromEntries(children.map((id) => [id, [id]])) },
    ownAnswers: { find: async () => undefined },
    overrides: { open: async () => ({ refused: 'NO_ACCOUNT' }), close: async () => {} },
    settleReviews: async () => {},
    // As where nobody has read anything yet; the tests of the limits bring their own.
    browseGuard: {
      admit: async () => {},
      release: async () => {},
      note: async () => {},
      reachable: () => true,
      close: () => {},
    },
    onMutation: () => {},
    grants: { sign: () => ({ grant: 'signed', jti: 'grant-jti' }) },
    lastUse: { note: (practitionerId) => void used.push(practitionerId), close: async () => {} },
    parser,
    planner: createPlanner(supergraph, atBest),
    decide,
    log,
    recordable: () => true,
    owed: createOwedEvents(log),
    refusals,
    subscriptions: createOpenSubscriptions(),
    replaced: new AbortController().signal,
    events: {
      instance: 'gateway-1',
      policySet: 'policy-set',
      supergraph: supergraph.version,
      digestKey: { kid: 'd1', secret: new Uint8Array(32) },
    },
    logger: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
    now: () => inTest.now,
    ...setting.parts,
  });
  return Object.assign(inTest, { pipeline });
}

function countedEvent(refusals: NonNullable<AccessEvent['refusals']>, at: Date, code: string): AccessEvent {
  return {
    version: 1,
    kind: 'refusal-count',
    nonce: '0'.repeat(32),
    at: at.toISOString(),
    instance: 'gateway-1',
    override: false,
    outcome: 'REFUSED',
    refusal: { code },
    refusals,
    jtis: [],
    subjects: [],
  };
}

export interface Asking {
  readonly headers?: Partial<AccessHeaders>;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly change?: Partial<PipelineRequest>;
}

export const VIEW = 'query View($id: ID!) { child(id: $id) { familyName conditions { name } } }';

/** A request of the social worker for S47, for what is asked. */
export function requestFor(query: string, asking: Asking = {}): PipelineRequest {
  return {
    headers: {
      authorization: 'Bearer worker',
      purpose: 'S47',
      reason: 'a referral of this morning',
      override: undefined,
      onBehalfOf: undefined,
      ...asking.headers,
    },
    source: '10.0.0.1',
    client: undefined,
    operation: {
      kind: 'operation',
      query,
      operationName: asking.operationName,
      variables: asking.variables ?? { id: JOINED },
    },
    ...asking.change,
  };
}
