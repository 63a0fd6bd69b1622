import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { GrantClaims } from '@contactpoint/access/grant';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createSourceEventStream, type DocumentNode, execute, parse } from 'graphql';
import { createContext } from './context.ts';
import type { SubgraphDefinition, SubgraphServices } from './definition.ts';
import type { JournalWriter } from './journal-writer.ts';
import { spendGrant } from './used-grant.ts';
import { REFUSAL_STATUS, type RefusalCode, refusal, type WireError, wireError } from './wire-error.ts';

/** A subscription whose grant was verified, and whose text was read. */
export interface GrantedSubscription {
  readonly grant: GrantClaims;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Milliseconds that a gateway has to take one event. */
const PATIENCE = 30_000;

/** Milliseconds between two comments on a silent stream. */
const HEARTBEAT = 12_000;

export function wantsEvents({ headers }: FastifyRequest): boolean {
  return /(?:^|,)\s*text\/event-stream\s*(?:[;,]|$)/i.test(headers.accept ?? '');
}

/**
 * Answers subscriptions: GraphQL over Server-Sent Events, each a request of its own, under a grant that opens one stream
 * and no second one. Each event has a context of its own, so that nothing that was loaded or granted for one is there for
 * the next, and leaves once the journal holds it.
 *
 * @see https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
export function eventRoute<Loaders>(
  app: FastifyInstance,
  definition: SubgraphDefinition<Loaders>,
  services: SubgraphServices,
  journal: JournalWriter,
): (granted: GrantedSubscription, reply: FastifyReply, log: FastifyBaseLogger) => Promise<void> {
  const { store, clock } = services;
  const { schema } = app.graphql;
  const open = new Set<ServerResponse>();
  // The gateway sees that the stream broke, and tells those who subscribed.
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
    for (const stream of open) stream.destroy();
  });
  const contextFor = (grant: GrantClaims) =>
    createContext(grant, services, (each) => definition.createLoaders(each));

  const answerEvent = async (
    { grant, variables }: GrantedSubscription,
    document: DocumentNode,
    rootValue: unknown,
    log: FastifyBaseLogger,
  ): Promise<object> => {
    const contextValue = contextFor(grant);
    const { data, errors } = await execute({
      ...{ schema, document, rootValue, contextValue },
      variableValues: variables,
    });
    await journal.write({ grant, operation: 'subscription', at: clock(), resolved: contextValue.resolved });
    return { data, ...(errors === undefined ? {} : { errors: errors.map((each) => wireError(each, log)) }) };
  };

  return async (granted, reply, log) => {
    const { grant, query, variables } = granted;
    if (!(await spendGrant(store, grant, clock(), 'subscription')))
      return refuse(reply, [refusal('UNAUTHENTICATED', 'The access grant was used before')]);
    const document = parse(query);
    const source = await createSourceEventStream({
      ...{ schema, document, variableValues: variables },
      contextValue: contextFor(grant),
    });
    if (!(Symbol.asyncIterator in source))
      return refuse(reply, source.errors?.map((each) => wireError(each, log)) ?? []);

    const payloads = source[Symbol.asyncIterator]();
    reply.hijack();
    const { raw } = reply;
    open.add(raw);
    // Granted before, opened after: nobody would end it any more.
    if (isClosing) raw.destroy();
    raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    raw.flushHeaders();
    const next = untilClosed(payloads, raw);
    const heartbeat = setInterval(() => void send(raw, ':\n\n'), HEARTBEAT);
    try {
      for (;;) {
        const { done, value } = await next();
        if (done) break;
        const answer = await answerEvent(granted, document, value, log);
        await send(raw, `event: next\ndata: ${JSON.stringify(answer)}\n\n`);
      }
      await send(raw, 'event: complete\ndata:\n\n');
      raw.end();
    } catch (cause) {
      // No journal, or a source that broke: what it was stays here, and the stream ends without having been completed.
      wireError(cause, log);
      raw.destroy();
    } finally {
      clearInterval(heartbeat);
      open.delete(raw);
      await payloads.return?.();
    }
  };
}

/** Takes the next payload; there is none once the connection is closed, also while one is waited for. */
function untilClosed(payloads: AsyncIterator<unknown>, raw: ServerResponse) {
  let leave: () => void = () => undefined;
  raw.once('close', () => leave());
  // Raced against one promise for the whole stream, each payload would stay in memory for as long as the stream is open.
  return (): Promise<{ readonly done?: boolean; readonly value?: unknown }> =>
    new Promise((resolve, reject) => {
      leave = () => resolve({ done: true });
      if (raw.destroyed) leave();
      else payloads.next().then(resolve, reject);
    });
}

function refuse(reply: FastifyReply, errors: readonly WireError[]): void {
  const code = errors[0]?.extensions.code as RefusalCode;
  void reply.code(REFUSAL_STATUS[code] ?? 200).send({ errors });
}

/** Resolves when the connection takes more, or is closed. */
async function send(raw: ServerResponse, text: string): Promise<void> {
  if (raw.destroyed || raw.write(text)) return;
  const closed = new AbortController();
  raw.once('close', () => closed.abort());
  const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(PATIENCE)]);
  await once(raw, 'drain', { signal }).catch(() => raw.destroy());
}
