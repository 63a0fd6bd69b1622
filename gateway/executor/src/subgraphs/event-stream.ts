import { createParser } from 'eventsource-parser';
import type { GraphQLSchema } from 'graphql';
import { Agent, type Dispatcher } from 'undici';
import type { ResponseError } from '../hooks.ts';
import { argumentNames } from '../records/argument-names.ts';
import { isRecord } from '../records/record.ts';
import { translateError, unavailable } from '../records/subgraph-error.ts';
import { parseJson, readAnswer, type SubgraphAnswer } from './subgraph-answer.ts';
import type { SubgraphRequest } from './subgraph-client.ts';

/** The stream did not open, or ended without having been completed. */
export class StreamError extends Error {
  override readonly name = 'StreamError';
  readonly error: ResponseError;

  constructor(error: ResponseError) {
    super(error.message);
    this.error = error;
  }
}

export interface EventStreams {
  /**
   * Opens a stream of answers at one subgraph. Answers are read as they are asked for: what nobody takes stays on the
   * connection, and holds the subgraph back.
   *
   * @returns Ends when the subgraph completes it or the signal is aborted; throws StreamError where it breaks.
   * @throws StreamError where it does not open.
   */
  open(
    subgraph: string,
    request: SubgraphRequest,
    signal: AbortSignal,
  ): Promise<AsyncIterable<SubgraphAnswer>>;
  /** Breaks every stream. */
  close(): Promise<void>;
}

export interface EventStreamOptions {
  readonly endpoints: Readonly<Record<string, string>>;
  /** The supergraph's. */
  readonly schema: GraphQLSchema;
  /** Milliseconds until a stream has to be open. */
  readonly timeoutOf: (subgraph: string) => number;
  /** Largest answer, in characters as it is parsed. */
  readonly maxAnswerBytes: number;
  /** Milliseconds without a byte after which a stream is broken; 45,000 unless told. */
  readonly silence?: number;
}

/** Three times what servers usually let pass between two comments that keep a stream alive. */
const SILENCE = 45_000;

/** Bytes read of an answer that is no stream. */
const MOST_REFUSAL = 65_536;

/**
 * GraphQL over Server-Sent Events, each subscription a request of its own ("distinct connections mode"): the same POST
 * to the same endpoint under the same grant as everything else that a subgraph is asked.
 *
 * @see https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
export function createEventStreams(options: EventStreamOptions): EventStreams {
  const { endpoints, schema, timeoutOf, maxAnswerBytes, silence = SILENCE } = options;
  // Connections of their own: a stream holds one for as long as it lives, and fetches would have to wait for it.
  const agent = new Agent({ pipelining: 1, bodyTimeout: silence, allowH2: false });

  return {
    async open(subgraph, request, signal) {
      const url = endpoints[subgraph];
      if (url === undefined) throw new Error(`No endpoint for the subgraph ${subgraph}`);
      const lost = () => new StreamError(unavailable(subgraph));
      const late = new AbortController();
      const opening = setTimeout(() => late.abort(), timeoutOf(subgraph));
      try {
        const answer = await agent
          .request({
            ...target(url),
            method: 'POST',
            headers: HEADERS,
            body: JSON.stringify(request),
            signal: AbortSignal.any([signal, late.signal]),
            // The whole of the opening has one time-out, what refuses it included.
            headersTimeout: 0,
          })
          .catch(() => {
            throw lost();
          });
        if (!isEventStream(answer)) throw await refusalOf(answer, subgraph, argumentNames(schema));
        return answersIn(answer.body, { signal, maxAnswerBytes, lost });
      } finally {
        clearTimeout(opening);
      }
    },
    close: () => agent.destroy(),
  };
}

const HEADERS = { 'content-type': 'application/json', accept: 'text/event-stream' } as const;

function target(url: string): { readonly origin: string; readonly path: string } {
  const { origin, pathname, search } = new URL(url);
  return { origin, path: pathname + search };
}

function isEventStream({ statusCode, headers }: Dispatcher.ResponseData): boolean {
  const media = headers['content-type'];
  return statusCode === 200 && typeof media === 'string' && /^text\/event-stream\b/i.test(media);
}

/** What a subgraph said instead of opening the stream, as far as it may be passed on. */
async function refusalOf(
  { body }: Dispatcher.ResponseData,
  subgraph: string,
  names: ReadonlySet<string>,
): Promise<StreamError> {
  let text = '';
  try {
    for await (const chunk of body.setEncoding('utf8')) {
      text += chunk;
      if (text.length > MOST_REFUSAL) break;
    }
    const answer: unknown = JSON.parse(text);
    const errors = isRecord(answer) ? answer['errors'] : undefined;
    if (Array.isArray(errors) && errors.length > 0)
      return new StreamError(translateError(errors[0], subgraph, names));
  } catch {
    // Neither a stream nor an answer.
  }
  return new StreamError(unavailable(subgraph));
}

async function* answersIn(
  body: Dispatcher.ResponseData['body'],
  { signal, maxAnswerBytes, lost }: { signal: AbortSignal; maxAnswerBytes: number; lost: () => StreamError },
): AsyncGenerator<SubgraphAnswer> {
  const events: { readonly event: string | undefined; readonly data: string }[] = [];
  let isBroken = false;
  // Characters since the last event: comments and events of other names may go on for ever, and are read as fast as they come.
  let idle = 0;
  const parser = createParser({
    maxBufferSize: maxAnswerBytes,
    onEvent: ({ event, data }) => void events.push({ event, data }),
    onError({ type }) {
      isBroken ||= type === 'max-buffer-size-exceeded';
    },
  });
  try {
    for await (const chunk of body.setEncoding('utf8')) {
      parser.feed(chunk as string);
      idle += (chunk as string).length;
      for (const { event, data } of events.splice(0)) {
        if (event === 'complete') return;
        if (event !== 'next') continue;
        idle = 0;
        yield readAnswer(parseJson(Buffer.from(data)));
      }
      if (isBroken || idle > 2 * maxAnswerBytes) throw lost();
    }
  } catch (cause) {
    if (signal.aborted) return;
    throw cause instanceof StreamError ? cause : lost();
  } finally {
    // Also where nobody takes any more: the subgraph sees that the connection is closed.
    body.destroy();
  }
  if (!signal.aborted) throw lost();
}
