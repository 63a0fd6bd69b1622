import { randomUUID } from 'node:crypto';
import { AccessError } from '@contactpoint/access/access-error';
import type { Decide } from '@contactpoint/access/decide';
import type { Principal } from '@contactpoint/access/principal';
import type { AccessEvent, SubjectDecision } from '@contactpoint/audit-log/access-event';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { coerceVariables } from '@contactpoint/executor/coerce-variables';
import type { ReachedSubject } from '@contactpoint/executor/hooks';
import type { Logger } from 'pino';
import type { BrowseGuard } from '../browse-guard/browse-guard.ts';
import type { ChildNumbers } from '../subgraphs/child-numbers.ts';
import type { FactsSource } from '../subgraphs/facts.ts';
import type { GrantSigner } from '../subgraphs/grants.ts';
import type { LastUse } from '../subgraphs/last-use.ts';
import type { Overrides } from '../subgraphs/overrides.ts';
import type { OwnAnswers } from '../subgraphs/own-answers.ts';
import type { Principals } from '../subgraphs/principals.ts';
import type { LoadedSupergraph } from '../supergraph.ts';
import { type Admit, createAdmit } from './admission.ts';
import { findOwnAnswer } from './answer-use.ts';
import type { TokenVerifier } from './authenticate.ts';
import { createSubjectDecisions, type SubjectDecisions } from './authorize-subjects.ts';
import { breakGlass } from './break-glass.ts';
import { callerClaims } from './caller-claims.ts';
import { type Execution, execute } from './execute.ts';
import { createFetchStep } from './fetch.ts';
import { createFieldAccess, type FieldAccessOf } from './field-access.ts';
import { lesserDecisions } from './lesser-decisions.ts';
import { admitReaders, limitBrowsing, limitMutation } from './limit-browsing.ts';
import { refuseOver } from './limits.ts';
import { loggedCause } from './logged-cause.ts';
import { withheldError } from './merge.ts';
import type { OpenSubscriptions } from './open-subscriptions.ts';
import { createOperationCost } from './operation-cost.ts';
import type { OwedEvents } from './owed-events.ts';
import type { ParsedOperation, Parser } from './parse.ts';
import type { PlannedOperation, Planner } from './plan.ts';
import { readPurpose } from './purpose-of-use.ts';
import { numbersOfQuestioned, questionedSubjects, withQuestioned } from './questioned-subjects.ts';
import { identifyReaders, refuseDeedsForOthers } from './readers.ts';
import { recordIntent, recordOutcome } from './record.ts';
import type { RefusalCounter } from './refusal-counter.ts';
import type { PipelineRequest, PipelineResponse } from './request.ts';
import { type Outcome, refusalOf, respond, respondUnrecorded, unreadable } from './respond.ts';
import { type NamedSubject, namedSubjects, rootFields, subjectAccess } from './subject-access.ts';
import { isTold, openSubscription, refuseUnstreamed } from './subscription.ts';
import { accessOfStream } from './subscription-event.ts';
import { type EventContext, eventOf, startTrail, type Trail } from './trail.ts';
import { createVisibleSchema, type VisibleSchema } from './visible-schema.ts';
import { type AskedChildren, mayBeDone, startWalk, unanswered, type Walk } from './walk.ts';

export interface PipelineParts {
  readonly supergraph: LoadedSupergraph;
  readonly tokens: TokenVerifier;
  readonly principals: Principals;
  readonly facts: FactsSource;
  readonly childNumbers: ChildNumbers;
  readonly ownAnswers: OwnAnswers;
  readonly overrides: Overrides;
  /** Resolves when what was reviewed has had its consequences, or is owed; never rejects. */
  readonly settleReviews: () => Promise<void>;
  /** Told once a mutation has run, or may have: what was believed before is from before. */
  readonly onMutation: () => void;
  readonly browseGuard: BrowseGuard;
  readonly grants: GrantSigner;
  readonly lastUse: LastUse;
  readonly parser: Parser;
  readonly planner: Planner;
  readonly decide: Decide;
  readonly log: AuditLog;
  /** Whether the log takes leaves, as far as is known. While it does not, nobody is asked anything in vain. */
  readonly recordable: () => boolean;
  readonly owed: OwedEvents;
  readonly refusals: RefusalCounter;
  readonly subscriptions: OpenSubscriptions;
  /** Aborts when the supergraph is replaced. */
  readonly replaced: AbortSignal;
  readonly events: EventContext;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** From a request to its answer, on every transport and for every caller. Knows nothing of HTTP beyond status numbers. */
export type Pipeline = (request: PipelineRequest) => Promise<PipelineResponse>;

/**
 * The way of a request. Whatever happens on it, its end is the same: an event in the log, then the answer.
 */
export function createPipeline(given: PipelineParts): Pipeline {
  const { supergraph, decide } = given;
  const visibleSchema = createVisibleSchema(supergraph, decide);
  const parts: LoadedParts = {
    ...given,
    admit: createAdmit(supergraph),
    costOf: createOperationCost(supergraph.executor.schema),
    visibleSchema,
    fieldAccess: createFieldAccess(supergraph, decide, visibleSchema),
  };
  return async (request) => {
    const trail = startTrail(request, parts.now());
    const walk = startWalk();
    try {
      if (!parts.recordable()) throw new AccessError('AUDIT_UNAVAILABLE', 'The access could not be recorded');
      const outcome = await run(parts, trail, walk).catch((cause: unknown) => {
        // The log did not take the intent: asked again, it would keep the caller waiting for a second deadline.
        if (cause instanceof AccessError && cause.code === 'AUDIT_UNAVAILABLE') throw cause;
        const correlationId = randomUUID();
        const refusal = refusalOf(cause, correlationId);
        if (refusal.status >= 500)
          parts.logger.error(
            { err: loggedCause(cause), correlationId, operation: trail.operation?.hash },
            'request refused',
          );
        walk.subjects = unanswered(walk);
        return mayBeDone(walk) ? { ...refusal, outcome: 'PARTIAL' as const } : refusal;
      });
      const subjects = withQuestioned(walk.subjects, walk.questioned);
      trail.searches = walk.searches;
      return respond(await recordOutcome(parts, trail, subjects, outcome), outcome);
    } catch (cause) {
      walk.opened?.close();
      parts.logger.error({ err: loggedCause(cause) }, 'access not recorded');
      parts.owed.keep(owedEvent(parts, trail, walk));
      if (cause instanceof AccessError) return respondUnrecorded(cause);
      throw cause;
    }
  };
}

/** Of a request that got no answer because its event was not kept. What may have been done is not called refused. */
function owedEvent({ events }: PipelineParts, trail: Trail, walk: Walk): AccessEvent {
  return eventOf(trail, events, {
    kind: trail.intentIndex === undefined ? 'access' : 'outcome',
    outcome: mayBeDone(walk) ? 'PARTIAL' : 'REFUSED',
    refusal: { code: 'AUDIT_UNAVAILABLE' },
    subjects: withQuestioned(unanswered(walk), walk.questioned),
  });
}

/** With what follows from the supergraph. */
interface LoadedParts extends PipelineParts {
  readonly admit: Admit;
  readonly costOf: ReturnType<typeof createOperationCost>;
  readonly visibleSchema: VisibleSchema;
  readonly fieldAccess: FieldAccessOf;
}

async function run(parts: LoadedParts, trail: Trail, walk: Walk): Promise<Outcome> {
  const { request } = trail;
  const { headers, operation } = request;
  const onQuestion = (asked: string) => trail.jtis.push(asked);
  const readers = await identifyReaders(parts, trail, onQuestion);
  const { principal, mediator } = readers;

  if (operation.kind === 'unreadable') return unreadable(operation.status, operation.errors);
  const parsed = parts.parser(operation.query, operation.operationName);
  trail.operation = parsed;
  refuseDeedsForOthers(readers, parsed);
  refuseUnstreamed(request, parsed);

  const given = parts.planner.touchesSubject(parsed) ? readPurpose(headers) : undefined;
  const variables = coerceVariables(parts.supergraph.executor.schema, parsed.operation, operation.variables);
  refuseOver('cost', parts.costOf(parsed, variables));
  const selected = parts.planner.selected(parsed);
  const named = namedSubjects(parts.supergraph, parsed, { selected }, variables);

  const said = { evt: trail.evt, purpose: given?.purpose, policySet: parts.events.policySet };
  const by = (reader: Principal) => ({ principal: reader, caller: callerClaims(reader, readers, said) });
  const { caller } = by(principal);
  const overridden =
    mediator === undefined
      ? await breakGlass(parts, trail, { principal, parsed, stated: given, named, caller })
      : new Set<string>();
  if (given !== undefined) await admitReaders({ ...parts, readers, named, overridden });
  const stated = given && { ...given, override: overridden.size > 0 };
  const planned = parts.planner.plan(parsed, principal, stated, mediator);
  walk.questioned = questionedSubjects(parts.supergraph, parsed, planned, variables);
  walk.named = named;

  const decide = (anew: boolean): SubjectDecisions | undefined => {
    if (stated === undefined) return undefined;
    const decisionsOf = (reader: Principal) =>
      createSubjectDecisions({ ...parts, ...by(reader), stated, onQuestion, anew, overridden });
    const decisions = decisionsOf(principal);
    return mediator === undefined ? decisions : lesserDecisions(decisions, decisionsOf(mediator));
  };
  const before = decide(false);
  trail.decided = stated !== undefined;

  if (planned.prepared === undefined) return refuseMutation(planned, before, named, walk);
  const isMutation = parsed.operation.operation === 'mutation';
  if (isMutation) refuseOver('mutationFields', deedsOf(parsed));
  const browsed = { ...parts, readers, parsed, planned, variables, overridden };
  await limitMutation(browsed, named);
  const numbers = await numbersOfQuestioned(parts.childNumbers, walk.questioned, trail.evt, onQuestion);
  const own = await findOwnAnswer(parts, parsed, variables, {
    practitionerId: principal.practitionerId,
    evt: trail.evt,
    onQuestion,
  });
  if (own !== undefined) {
    trail.usedAnswer = own.used;
    walk.questioned = withQuestioned(own.subjects, walk.questioned);
  }
  if (isMutation) {
    if (before !== undefined) walk.subjects = await accessOf(planned, before, [], named);
    await recordIntent(parts, trail, withQuestioned(walk.subjects, walk.questioned));
    walk.isMutation = true;
  }
  // A mutation may change what its own answer is decided by: a relationship, a shield.
  const decisions = isMutation ? decide(true) : before;

  const isStream = parsed.operation.operation === 'subscription';
  if (isStream && request.event === undefined) {
    walk.subjects = named.map(({ id }) => ({ child: id, released: [], withheld: [], policies: [] }));
    const onGrant = (jti: string) => trail.jtis.push(jti);
    const onAsked = (asked: AskedChildren) => walk.asked.push(asked);
    const beforeFetch = createFetchStep({ ...parts, caller, decisions, onGrant, onAsked });
    const { expiresAt = trail.at } = trail;
    const opening = { request, parsed, planned, expiresAt, caller, beforeFetch };
    const opened = await openSubscription(parts, opening);
    walk.opened = opened.subscription;
    return opened;
  }
  request.event?.refuseOutdated(accessOfStream(caller, planned, parts.supergraph.version));

  let told: boolean | undefined;
  const settle: Execution['settle'] = async (reached, result) => {
    if (isStream) told = isTold(parts.supergraph, planned, decisions, reached, result.data);
    if (decisions === undefined) return;
    walk.subjects = await accessOf(planned, decisions, reached, named);
    await limitBrowsing(browsed, decisions, reached, result, walk);
  };
  // What decides about a child that is named is asked for beside the child itself: the answers are needed together. After
  // a deed they would be from before it.
  const ahead = isMutation ? undefined : decisions?.decideFor(named.map(({ id }) => id)).catch(() => {});
  const executing = execute(parts, trail, parsed, planned, {
    readers,
    caller,
    decisions,
    overridden,
    numbers,
    settle,
    onAsked: (asked) => walk.asked.push(asked),
  });
  // Where it fails, no question may still be on its way by then, and not on record.
  const outcome = await executing.finally(isMutation ? parts.onMutation : () => ahead);
  if (selected.some(({ coordinate }) => coordinate === REVIEW)) await parts.settleReviews();
  return told === undefined ? outcome : { ...outcome, isTold: told };
}

/** Root fields that do something, each as often as it would be done. */
function deedsOf(parsed: ParsedOperation): number {
  const deeds = rootFields(parsed).filter(({ name }) => name.value !== '__typename');
  return new Set(deeds.map(({ alias, name }) => alias?.value ?? name.value)).size;
}

/** What it brings on, above all a suspension, holds before the reviewer is answered. */
const REVIEW = 'Mutation.reviewOverride';

/** A mutation of which any part is refused does not run at all: half a deed would be done and its answer withheld. */
async function refuseMutation(
  planned: PlannedOperation,
  decisions: SubjectDecisions | undefined,
  named: readonly NamedSubject[],
  walk: Walk,
): Promise<Outcome> {
  if (decisions !== undefined) walk.subjects = await accessOf(planned, decisions, [], named);
  const [first] = planned.refusals.places;
  return {
    status: 200,
    data: null,
    errors: planned.refusals.places.map(({ path, reason }) => ({
      ...withheldError(reason),
      path: [...path],
    })),
    outcome: 'REFUSED',
    refusal: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', ...(first === undefined ? {} : { detail: first.reason }) },
  };
}

async function accessOf(
  planned: PlannedOperation,
  decisions: SubjectDecisions,
  reached: readonly ReachedSubject[],
  named: readonly NamedSubject[],
): Promise<readonly SubjectDecision[]> {
  const absent = named.filter(({ id }) => !reached.some((subject) => subject.id === id));
  await decisions.decideFor(absent.map(({ id }) => id));
  return subjectAccess(planned, decisions, [...reached, ...absent]);
}
