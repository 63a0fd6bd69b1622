import { BrokenCircuitError, CircuitState, circuitBreaker, handleType, SamplingBreaker } from 'cockatiel';
import type { Abandonment } from './abandonment.ts';
import { createBatchedRequests } from './batched-requests.ts';
import { createRetryBudget } from './retry-budget.ts';
import { type Attempted, type SubgraphAnswer, UNAVAILABLE, UNREACHED } from './subgraph-answer.ts';
import { openConnection } from './subgraph-connection.ts';

export type { SubgraphAnswer } from './subgraph-answer.ts';

export interface SubgraphRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName?: string | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface SubgraphClient {
  /**
   * Never rejects: whatever goes wrong on the way is UNAVAILABLE.
   *
   * @param deadline Of the operation it is asked for, on the monotonic clock.
   */
  ask(
    request: SubgraphRequest,
    abandonment: Abandonment | undefined,
    deadline?: number,
  ): Promise<SubgraphAnswer>;
  close(): Promise<void>;
}

export interface SubgraphClientOptions {
  readonly endpoint: URL;
  /** Milliseconds from sending to the last byte, a second attempt included. */
  readonly timeout: number;
  readonly maxAnswerBytes: number;
}

/**
 * When a subgraph is left alone: hardly anybody was answered in ten seconds, and enough asked that it is no accident. What
 * one caller can bring about by asking for too much is not among the failures that count.
 */
const HOPELESS = { threshold: 0.9, duration: 10_000, minimumRps: 10 } as const;

/** Milliseconds until one request finds out whether it is back. */
const LEFT_ALONE = 1_000;

class Unreached extends Error {}
class CallerLeft extends Error {}

/** Thrown and caught below; their stacks would say nothing. */
const NOBODY_ANSWERED = new Unreached();
const NOBODY_WAITS = new CallerLeft();
const LEFT_ALONE_NOW = new BrokenCircuitError();

/** A text of the planner's own: an anonymous query may begin with its selection, a mutation never does. */
const MUTATION = /^\s*mutation\b/;

interface Asked {
  readonly operation: string;
  readonly isMutation: boolean;
  /** On the monotonic clock. */
  readonly deadline: number;
  /** Whether the operation has less time left than the subgraph: then it is not the subgraph that is late. */
  readonly isCutShort: boolean;
  readonly abandonment: Abandonment | undefined;
}

/**
 * Asks one subgraph. Reads of several callers travel together where the subgraph takes batches, and are sent once more,
 * alone, where nobody answered, within a budget; a mutation goes alone, and once. A subgraph that has not answered for
 * a while is left alone but for one request at a time, which finds out whether it is back.
 */
export function createSubgraphClient(options: SubgraphClientOptions): SubgraphClient {
  const { endpoint, timeout, maxAnswerBytes } = options;
  const connection = openConnection(endpoint.origin);
  const path = endpoint.pathname + endpoint.search;
  const requests = createBatchedRequests({ connection, path, maxAnswerBytes });
  const budget = createRetryBudget();
  const circuit = circuitBreaker(handleType(Unreached), {
    halfOpenAfter: LEFT_ALONE,
    breaker: new SamplingBreaker(HOPELESS),
  });

  /** Rejects with one of the two errors above. */
  const attempt = (
    { operation, deadline, isCutShort, abandonment }: Asked,
    isAlone: boolean,
  ): Promise<SubgraphAnswer> =>
    new Promise((resolve, reject) => {
      const settle = (attempted: Attempted): void => {
        clearTimeout(timer);
        abandonment?.untell(leave);
        if (attempted.kind === 'UNREACHED') reject(NOBODY_ANSWERED);
        else resolve(attempted);
      };
      const leave = (): void => {
        reject(NOBODY_WAITS);
        settle(UNREACHED);
        sent.abandon();
      };
      const expire = (): void => {
        settle(UNREACHED);
        sent.abandon();
      };
      const timer = setTimeout(isCutShort ? leave : expire, Math.max(1, deadline - performance.now()));
      abandonment?.tell(leave);
      const sent = isAlone ? requests.askAlone(operation, settle) : requests.ask(operation, settle);
    });

  /**
   * What finds out whether it is back finds it out, whoever leaves meanwhile: it decides for everybody. Nobody waits for it:
   * the library would have the others wait, beyond their time and after they left.
   */
  const throughCircuit = (asked: Asked, isAlone: boolean): Promise<SubgraphAnswer> => {
    if (circuit.state === CircuitState.HalfOpen) return Promise.reject(LEFT_ALONE_NOW);
    if (circuit.state !== CircuitState.Open) return circuit.execute(() => attempt(asked, isAlone));
    const deadline = performance.now() + timeout;
    const probe = { ...asked, deadline, isCutShort: false, abandonment: undefined };
    return asLongAsWaitedFor(
      asked,
      circuit.execute(() => attempt(probe, isAlone)),
    );
  };

  const mayAskAgain = ({ isMutation, deadline, abandonment }: Asked, cause: unknown): boolean =>
    cause === NOBODY_ANSWERED &&
    !isMutation &&
    abandonment?.isAbandoned !== true &&
    performance.now() < deadline &&
    budget.spend();

  return {
    async ask(request, abandonment, operationDeadline = Number.POSITIVE_INFINITY) {
      const now = performance.now();
      if (abandonment?.isAbandoned || operationDeadline <= now) return UNAVAILABLE;
      const asked: Asked = {
        operation: JSON.stringify(request),
        isMutation: MUTATION.test(request.query),
        deadline: Math.min(now + timeout, operationDeadline),
        isCutShort: operationDeadline < now + timeout,
        abandonment,
      };
      budget.earn();
      try {
        return await throughCircuit(asked, asked.isMutation);
      } catch (cause) {
        if (!mayAskAgain(asked, cause)) return UNAVAILABLE;
      }
      return await throughCircuit(asked, true).catch(() => UNAVAILABLE);
    },
    close: () => connection.close(),
  };
}

/** Rejects as soon as the operation is given up or has no time left. */
function asLongAsWaitedFor(
  { deadline, abandonment }: Asked,
  answer: Promise<SubgraphAnswer>,
): Promise<SubgraphAnswer> {
  const { promise: leaving, reject } = Promise.withResolvers<never>();
  const leave = (): void => reject(NOBODY_WAITS);
  const timer = setTimeout(leave, Math.max(1, deadline - performance.now()));
  abandonment?.tell(leave);
  return Promise.race([answer, leaving]).finally(() => {
    clearTimeout(timer);
    abandonment?.untell(leave);
  });
}
