import { type GrantClaims, GrantError, operationDigest, verifyGrant } from '@contactpoint/access/grant';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply } from 'fastify';
import * as v from 'valibot';
import { BATCH_DECLARATION, batchRoute, isBatch, WRONG_SIZE } from './batch-route.ts';
import { createContext } from './context.ts';
import type { SubgraphDefinition, SubgraphServices } from './definition.ts';
import { eventRoute, type GrantedSubscription, wantsEvents } from './event-route.ts';
import type { JournalEntry } from './journal.ts';
import { createJournalWriter, type JournalWriter } from './journal-writer.ts';
import type { OperationMetrics } from './metrics.ts';
import { operationReader } from './operation.ts';
import { spendGrant } from './used-grant.ts';
import { REFUSAL_STATUS, type RefusalCode, refusal, type WireError, wireError } from './wire-error.ts';

const Operation = v.object({
  query: v.string(),
  variables: v.nullish(v.record(v.string(), v.unknown()), {}),
  operationName: v.nullish(v.string()),
  extensions: v.nullish(v.object({ accessGrant: v.optional(v.unknown()) }), {}),
});

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly WireError[];
}

/** An answer and what has to be written down before it may leave. */
interface Answered {
  readonly answer: Answer;
  readonly entry?: JournalEntry;
  /** To be opened: what its events show is written down event by event. */
  readonly subscription?: GrantedSubscription;
}

/**
 * `POST /graphql`: one operation, or an array of at most 50, each under the grant in its own
 * `extensions.accessGrant`, with context, loaders and grant of its own. Answers stand in the order of the operations,
 * and leave together once the journal holds each of them; one that it does not hold is an error without data. Operations
 * that are not to wait for one another have a route of their own, `batchRoute`.
 *
 * A subscription is answered by Server-Sent Events, `eventRoute`, to who accepts them, and to nobody else.
 *
 * Status 200, but 401 for a single operation without a valid grant and 400 for a single one that cannot be read.
 */
export function graphqlRoute<Loaders>(
  app: FastifyInstance,
  definition: SubgraphDefinition<Loaders>,
  { store, grants, clock }: SubgraphServices,
  metrics: OperationMetrics,
): void {
  const read = operationReader(app.graphql.schema);
  const journal = createJournalWriter(store);

  async function answer(body: unknown, log: FastifyBaseLogger, isStream = false): Promise<Answered> {
    const parsed = v.safeParse(Operation, body);
    if (!parsed.success) return refuse('BAD_USER_INPUT', 'An operation has a query and variables');
    const { query, variables, operationName, extensions } = parsed.output;
    const sent = variables ?? {};

    let grant: GrantClaims;
    try {
      grant = await verifyGrant(grants, extensions?.accessGrant, {
        audience: definition.name,
        body: operationDigest(query, sent),
        now: clock(),
      });
    } catch (cause) {
      if (!(cause instanceof GrantError)) throw cause;
      log.warn({ reason: cause.message }, 'a grant was refused');
      return refuse('UNAUTHENTICATED', 'No valid access grant');
    }

    const operation = read(query);
    if (operation.kind === 'refused') return { answer: { errors: operation.errors } };
    if (operation.kind === 'subscription') {
      if (isStream) return { answer: {}, subscription: { grant, query, variables: sent } };
      return refuse('GRAPHQL_VALIDATION_FAILED', 'A subscription is answered by Server-Sent Events');
    }
    if (isStream) return refuse('GRAPHQL_VALIDATION_FAILED', 'Only a subscription is answered by events');
    if (operation.kind === 'mutation' && !(await spendGrant(store, grant, clock(), 'mutation-intent')))
      return refuse('UNAUTHENTICATED', 'The access grant was used before');

    const context = createContext(grant, { store, clock }, (each) => definition.createLoaders(each));
    const result = await execute(app, query, context, sent, operationName ?? undefined, log);
    const entry = { grant, operation: operation.kind, at: clock(), resolved: context.resolved };
    return { answer: result, entry };
  }

  async function answerSafely(body: unknown, log: FastifyBaseLogger): Promise<Answer> {
    const stop = metrics.start();
    try {
      const answered = await answer(body, log);
      stop(answered.entry?.operation ?? 'refused', answered.answer.errors === undefined);
      return await released(journal, answered, log);
    } catch (cause) {
      stop('refused', false);
      return { errors: [wireError(cause, log)] };
    }
  }

  const stream = eventRoute(app, definition, { store, grants, clock }, journal);

  async function answerByEvents(body: unknown, reply: FastifyReply, log: FastifyBaseLogger): Promise<void> {
    const stop = metrics.start();
    try {
      const { answer: refused, subscription } = await answer(body, log, true);
      stop(subscription === undefined ? 'refused' : 'subscription', subscription !== undefined);
      if (subscription === undefined) void reply.code(statusOf(refused)).send(refused);
      else await stream(subscription, reply, log);
    } catch (cause) {
      void reply.code(500).send({ errors: [wireError(cause, log)] });
    }
  }

  app.post('/graphql', async (request, reply) => {
    const { body, log } = request;
    if (wantsEvents(request)) {
      await answerByEvents(body, reply, log);
      return reply;
    }
    reply.headers(BATCH_DECLARATION);
    if (!Array.isArray(body)) {
      const answer = await answerSafely(body, log);
      return await reply.code(statusOf(answer)).send(answer);
    }
    if (!isBatch(body)) return await reply.code(400).send({ errors: [WRONG_SIZE] });
    return await Promise.all(body.map((operation) => answerSafely(operation, log)));
  });
  batchRoute(app, answerSafely);
}

/** What leaves: nothing that the journal does not hold. */
async function released(
  journal: JournalWriter,
  { answer, entry }: Answered,
  log: FastifyBaseLogger,
): Promise<Answer> {
  if (entry === undefined) return answer;
  try {
    await journal.write(entry);
    return answer;
  } catch (cause) {
    return { errors: [wireError(cause, log)] };
  }
}

async function execute<Loaders>(
  app: FastifyInstance,
  query: string,
  context: ReturnType<typeof createContext<Loaders>>,
  variables: Record<string, unknown>,
  operationName: string | undefined,
  log: FastifyBaseLogger,
): Promise<Answer> {
  try {
    const result = await app.graphql(query, { ...context }, variables, operationName);
    if (!result.errors?.length) return { data: result.data };
    // Without data nothing ran: the variables do not fit. Their messages quote them.
    if (result.data === undefined) return badVariables();
    return { data: result.data, errors: result.errors.map((error) => wireError(error, log)) };
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown };
    if (code === 'MER_ERR_GQL_VALIDATION') return badVariables();
    throw cause;
  }
}

function badVariables(): Answer {
  return { errors: [refusal('BAD_USER_INPUT', 'The variables do not fit the operation')] };
}

function refuse(code: RefusalCode, message: string): Answered {
  return { answer: { errors: [refusal(code, message)] } };
}

/** A single operation that never ran has the status of its refusal. */
function statusOf(answer: Answer): number {
  if (answer.data !== undefined) return 200;
  const code = answer.errors?.[0]?.extensions.code;
  if (code === undefined || !Object.hasOwn(REFUSAL_STATUS, code)) return 200;
  return REFUSAL_STATUS[code as RefusalCode];
}
