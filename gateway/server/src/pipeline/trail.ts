import { hash } from 'node:crypto';
import { eventDigest } from '@contactpoint/access/grant';
import type { Principal } from '@contactpoint/access/principal';
import type {
  AccessEvent,
  AccessEventKind,
  AccessOutcome,
  SearchCount,
  SubjectDecision,
  UsedAnswer,
} from '@contactpoint/audit-log/access-event';
import type { SigningKey } from '../key-ring.ts';
import { digestVariables } from './audit.ts';
import { drawNonce } from './nonce.ts';
import type { ParsedOperation } from './parse.ts';
import type { PipelineRequest } from './request.ts';

/** What becomes known of one request on its way; an event can be made of it at every step. */
export interface Trail {
  readonly request: PipelineRequest;
  readonly nonce: Buffer;
  /** Names the event in the grants under it. */
  readonly evt: string;
  readonly at: Date;
  readonly jtis: string[];
  practitionerId?: string;
  /** Who reads on the practitioner's behalf. */
  mediatorId?: string;
  clientId?: string;
  /** Until when the caller's token holds. */
  expiresAt?: Date;
  principal?: Principal;
  /** Absent until it is parsed. */
  operation?: Pick<ParsedOperation, 'hash' | 'operationName'>;
  /** Whether a policy set has decided anything. */
  decided: boolean;
  /** Names of the break-glass windows under which the request is decided, or which it was about to open. */
  overrideWindows: readonly string[];
  /** Index of the intent, once a mutation may run or a break-glass window may be opened. */
  intentIndex?: bigint;
  /** Of an answer that is copied or printed, once it is known to be the caller's. */
  usedAnswer?: UsedAnswer;
  /** How children were looked for, once it is known. */
  searches?: SearchCount | undefined;
}

export function startTrail(request: PipelineRequest, at: Date): Trail {
  const nonce = drawNonce();
  return {
    request,
    nonce,
    ...(request.event === undefined ? {} : { practitionerId: request.event.practitionerId }),
    evt: eventDigest(nonce),
    at,
    jtis: [],
    decided: false,
    overrideWindows: [],
  };
}

/** What was asked for: as it was parsed, where it came that far, which keeps its hash. */
function operationOf({ request, operation }: Trail): Trail['operation'] {
  if (operation !== undefined || request.operation.kind !== 'operation') return operation;
  const { query, operationName } = request.operation;
  return { hash: hash('sha256', query, 'hex'), operationName };
}

/** What stands in every event of this gateway. */
export interface EventContext {
  readonly instance: string;
  readonly policySet: string;
  readonly supergraph: string;
  readonly digestKey: SigningKey;
}

export interface EventOutcome {
  readonly kind: AccessEventKind;
  readonly outcome: AccessOutcome;
  readonly refusal?: AccessEvent['refusal'];
  readonly subjects: readonly SubjectDecision[];
}

/** The access event of a request, as far as it came. Holds identifiers, digests and coordinates, and no value. */
export function eventOf(
  trail: Trail,
  context: EventContext,
  { kind, outcome, refusal, subjects }: EventOutcome,
): AccessEvent {
  const { request, principal } = trail;
  const operation = operationOf(trail);
  const { headers } = request;
  // What the token says was signed; what the request says of itself is only better than nothing.
  const client = trail.clientId ?? request.client;
  const variables = request.operation.kind === 'operation' ? request.operation.variables : {};
  return {
    version: 1,
    kind,
    nonce: trail.nonce.toString('hex'),
    at: trail.at.toISOString(),
    instance: context.instance,
    ...(trail.practitionerId === undefined ? {} : { practitioner: trail.practitionerId }),
    ...(trail.mediatorId === undefined ? {} : { mediator: trail.mediatorId }),
    ...(principal === undefined ? {} : { role: principal.role, organisation: principal.organisationId }),
    // Without the blanks around them, as they were judged: 500 blanks in front would push a reason out of the log.
    ...(headers.purpose === undefined ? {} : { purpose: headers.purpose.trim().slice(0, 20) }),
    ...(headers.reason === undefined ? {} : { reason: headers.reason.trim() }),
    override: trail.overrideWindows.length > 0,
    ...(trail.overrideWindows.length === 0 ? {} : { overrideWindows: trail.overrideWindows }),
    ...(client === undefined ? {} : { client }),
    ...(operation === undefined
      ? {}
      : {
          operation: {
            hash: operation.hash,
            ...(operation.operationName === undefined ? {} : { name: operation.operationName }),
          },
          variables: digestVariables(context.digestKey, variables),
        }),
    ...(trail.decided ? { policySet: context.policySet } : {}),
    supergraph: context.supergraph,
    outcome,
    ...(refusal === undefined ? {} : { refusal }),
    ...(trail.intentIndex === undefined || kind !== 'outcome' ? {} : { intentIndex: trail.intentIndex }),
    ...(trail.usedAnswer === undefined ? {} : { usedAnswer: trail.usedAnswer }),
    ...(trail.searches === undefined ? {} : { searches: trail.searches }),
    jtis: trail.jtis,
    subjects,
  };
}
