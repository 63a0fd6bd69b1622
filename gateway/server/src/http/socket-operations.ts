import { buildSchema, type FormattedExecutionResult, GraphQLError, parse } from 'graphql';
import { makeServer, type Server } from 'graphql-ws';
import { deliver } from '../pipeline/deliver.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { AccessHeaders, PipelineRequest, PipelineResponse } from '../pipeline/request.ts';
import { readOperation } from './fastify-adapter.ts';
import { notAnOperation } from './graphql-adapter.ts';
import { told } from './told.ts';

/** What is known of a connection. */
export interface Connection {
  /** Network address of the caller. */
  readonly source: string;
  /** Aborts when the caller leaves. */
  readonly left: AbortSignal;
  close(code: number, reason?: string): void;
}

/** Operations under way on one connection. */
const OPERATIONS = 20;

/**
 * What is asked over a connection. Headers are `connectionParams`, under the same names. The connection itself is an
 * operation that asks nothing, so that it is authenticated and on record; every operation on it, and every event, is
 * another.
 *
 * @see https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
 */
export function createSocketOperations(pipeline: Pipeline): Server<Connection> {
  return makeServer<Params, Connection>({
    async onConnect({ connectionParams, extra }) {
      const request = requestOf(connectionParams, extra, { query: 'query Connect { __typename }' });
      const { status, body } = await pipeline(request);
      if (status === 200) return true;
      const code = body.errors?.[0]?.extensions?.['code'];
      extra.close(CLOSE_CODE.get(status) ?? TRY_AGAIN, typeof code === 'string' ? code : undefined);
      return false;
    },
    async onSubscribe({ connectionParams, extra, subscriptions }, _id, payload) {
      const isTooMany = Object.keys(subscriptions).length > OPERATIONS;
      const request = requestOf(connectionParams, extra, isTooMany ? undefined : payload);
      const { first, following, close } = await deliver(pipeline, request);
      if (first.status !== 200) return errorsOf(first);
      const answers = async function* () {
        for await (const response of following ?? [first]) {
          if (response.status !== 200) throw errorsOf(response)[0];
          yield told(response);
        }
      };
      return { schema: NONE, document: STREAM, rootValue: leavable(answers(), close) };
    },
    subscribe: ({ rootValue }) => rootValue as AsyncGenerator<object>,
    // As it stands: the library would ask each error for its JSON.
    onNext: (_context, _id, _payload, _args, answer) => answer as FormattedExecutionResult,
  });
}

type Params = Readonly<Record<string, unknown>>;

/** The library runs a document against a schema; both are the pipeline's business, so it is given one that says nothing. */
const NONE = buildSchema('type Query { none: Int } type Subscription { none: Int }');
const STREAM = parse('subscription { none }');

/** By status; what passes may be tried again (1013, RFC 6455 registry), the others are the protocol's own. */
const CLOSE_CODE: ReadonlyMap<number, number> = new Map([
  [400, 4400],
  [401, 4401],
  [403, 4403],
]);
const TRY_AGAIN = 1013;

/** @param payload Undefined for an operation that is one too many. */
function requestOf(
  params: Params | undefined,
  { source, left }: Connection,
  payload: unknown,
): PipelineRequest {
  const given = (name: string): string | undefined => {
    const [, value] = Object.entries(params ?? {}).find(([key]) => key.toLowerCase() === name) ?? [];
    return typeof value === 'string' ? value : undefined;
  };
  const headers: AccessHeaders = {
    authorization: given('authorization'),
    purpose: given('access-purpose'),
    reason: given('access-reason'),
    override: given('access-override'),
    onBehalfOf: given('on-behalf-of'),
  };
  const tooMany = () => notAnOperation('Too many operations are under way on this connection', 429);
  return {
    headers,
    source,
    client: given('apollographql-client-name')?.slice(0, 100),
    operation: payload === undefined ? tooMany() : readOperation(payload),
    signal: left,
  };
}

function errorsOf({ body }: PipelineResponse): GraphQLError[] {
  return (body.errors ?? []).map(({ message, extensions }) => new GraphQLError(message, { extensions }));
}

/** A generator that is waiting for its next value returns only once it is there; this one stops waiting. */
function leavable(answers: AsyncGenerator<object>, close: () => void): AsyncGenerator<object> {
  return {
    next: () => answers.next(),
    async return(value) {
      close();
      return await answers.return(value);
    },
    async throw(cause) {
      close();
      return await answers.throw(cause);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      close();
    },
  };
}
