import type { IncomingHttpHeaders } from 'node:http';
import { type BatchRoute, readBatchRoute } from './batch-declaration.ts';
import { batchReader } from './batch-reader.ts';
import { singleReader } from './single-request.ts';
import { type Attempted, UNREACHED } from './subgraph-answer.ts';
import type { SentRequest, SubgraphConnection } from './subgraph-connection.ts';

/** Operations on their way to one subgraph. */
export interface BatchedRequests {
  /**
   * In one request with whatever else is asked of the subgraph in this turn of the event loop, where the subgraph says that
   * it takes batches.
   *
   * @param operation JSON.
   * @param settle Called once at least; only the first call counts.
   */
  ask(operation: string, settle: Settle): SentRequest;
  /** In a request of its own. */
  askAlone(operation: string, settle: Settle): SentRequest;
}

type Settle = (attempted: Attempted) => void;

interface Waiting {
  readonly operation: string;
  readonly settle: Settle;
  isSettled: boolean;
  /** Of the request that carries it. */
  abandon: (() => void) | undefined;
}

/** Characters of a batch at most: subgraphs of the kit take 1 MB. */
const LONGEST = 256 * 1024;

/** Milliseconds in which an answer has to end when nobody waits for any more of it; its connection is closed then. */
const GOODBYE = 2_000;

export interface BatchOptions {
  readonly connection: SubgraphConnection;
  /** Of the GraphQL endpoint. */
  readonly path: string;
  readonly maxAnswerBytes: number;
}

export function createBatchedRequests({ connection, path, maxAnswerBytes }: BatchOptions): BatchedRequests {
  let route: BatchRoute | undefined;
  let declared: string | readonly string[] | undefined;
  let waiting: Waiting[] = [];

  const onHeaders = (headers: IncomingHttpHeaders): void => {
    const header = headers['graphql-batch'];
    if (header === declared) return;
    declared = header;
    route = readBatchRoute(header);
  };

  const askAlone = (operation: string, settle: Settle): SentRequest =>
    connection.post(path, operation, singleReader(maxAnswerBytes, settle, onHeaders));

  const sendAlone = (one: Waiting): void => {
    one.abandon = askAlone(one.operation, one.settle).abandon;
  };

  const sendTogether = (together: readonly Waiting[], to: BatchRoute): void => {
    let lingering: NodeJS.Timeout | undefined;
    const listener = {
      onAnswer(index: number, answer: Attempted) {
        together[index]?.settle(answer);
        // Nobody's time-out is left to end it.
        if (together.every(({ isSettled }) => isSettled))
          lingering ??= setTimeout(() => sent.abandon(), GOODBYE);
      },
      onRefused() {
        route = undefined;
        declared = undefined;
        for (const one of together) if (!one.isSettled) sendAlone(one);
      },
      onEnd() {
        clearTimeout(lingering);
        // One that is on its way again, alone, is settled by that.
        for (const one of together) if (!one.isSettled && one.abandon === abandon) one.settle(UNREACHED);
      },
    };
    const abandon = (): void => {
      if (together.every(({ isSettled }) => isSettled)) sent.abandon();
    };
    for (const one of together) one.abandon = abandon;
    const body = `[${together.map(({ operation }) => operation).join(',')}]`;
    const sent = connection.post(to.path, body, batchReader(together.length, maxAnswerBytes, listener));
  };

  const leave = (): void => {
    const all = waiting.filter(({ isSettled }) => !isSettled);
    waiting = [];
    for (const together of parted(all, route?.max ?? 1)) {
      const [only] = together;
      if (route !== undefined && together.length > 1) sendTogether(together, route);
      else if (only !== undefined) sendAlone(only);
    }
  };

  return {
    askAlone,
    ask(operation, settle) {
      if (route === undefined) return askAlone(operation, settle);
      const one: Waiting = {
        operation,
        settle(attempted) {
          one.isSettled = true;
          settle(attempted);
        },
        isSettled: false,
        abandon: undefined,
      };
      // Not a microtask: what other callers ask was read from other sockets, in the same turn.
      if (waiting.push(one) === 1) setImmediate(leave);
      return {
        abandon() {
          one.isSettled = true;
          one.abandon?.();
        },
      };
    },
  };
}

/** In order, none with more operations or characters than one request takes. */
function parted(all: readonly Waiting[], max: number): Waiting[][] {
  const parts: Waiting[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const one of all) {
    const last = parts.at(-1);
    if (last === undefined || last.length >= max || length + one.operation.length > LONGEST) {
      parts.push([one]);
      length = one.operation.length;
    } else {
      last.push(one);
      length += one.operation.length;
    }
  }
  return parts;
}
