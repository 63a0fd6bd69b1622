import { type GrantClaims, GrantError, verifyGrant } from '@contactpoint/access/grant';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { SubgraphServices } from './definition.ts';
import { type JournalEntry, type JournaledOperation, journal } from './journal.ts';
import { refusal, wireError } from './wire-error.ts';

/** Requests in one HTTP request at most. */
export const MOST_REQUESTS = 500;

/** A route whose body is `{ requests: [...] }`, each request under a grant of its own. */
export interface BatchedRoute<Request extends { readonly accessGrant?: unknown }, Answer> {
  /** `/facts`. */
  readonly path: string;
  /** Name of the subgraph: the audience of the grants. */
  readonly audience: string;
  readonly operation: Extract<JournaledOperation, 'facts' | 'principals' | 'overrides'>;
  /** What each request must look like; one that does not fails the whole body with BAD_USER_INPUT. */
  readonly request: v.GenericSchema<unknown, Request>;
  /** What the grant's `body` must be. */
  readonly digestOf: (request: Request) => string;
  /** ContactPoint numbers that an answered request touches, for the journal. */
  readonly childrenOf?: (request: Request) => readonly string[];
  /**
   * Answers all requests whose grant held, in their order and together, so that one statement may serve them all.
   * A rejection fails the whole body: an answer that cannot be had must not look like an empty one.
   */
  readonly answer: (granted: readonly GrantedRequest<Request>[]) => Promise<readonly Answer[]>;
}

export interface GrantedRequest<Request> {
  readonly request: Request;
  readonly grant: GrantClaims;
}

/**
 * Serves a batched route: `{ answers: [...] }` in the order of the requests, null where the grant did not hold. What was
 * answered is journaled first; without journal there is no answer.
 */
export function batchedRoute<Request extends { readonly accessGrant?: unknown }, Answer>(
  app: FastifyInstance,
  { store, grants, clock }: SubgraphServices,
  route: BatchedRoute<Request, Answer>,
): void {
  const Body = v.object({ requests: v.pipe(v.array(route.request), v.maxLength(MOST_REQUESTS)) });

  app.post(route.path, async (request, reply) => {
    const body = v.safeParse(Body, request.body);
    if (!body.success)
      return await reply
        .code(400)
        .send({ errors: [refusal('BAD_USER_INPUT', 'The body is { requests: [...] }')] });
    const { requests } = body.output;
    try {
      const claims = await verifyEach(requests, route.digestOf, { grants, audience: route.audience, clock });
      const granted = requests.flatMap((each, index) => {
        const grant = claims[index];
        return grant ? [{ request: each, grant }] : [];
      });
      const answers = granted.length > 0 ? await route.answer(granted) : [];
      if (answers.length !== granted.length) throw new Error(`${route.path} owes answers`);
      await journal(
        store,
        granted.map((each) => entryOf(each, route, clock())),
      );
      const inOrder = answers.values();
      return { answers: claims.map((grant) => (grant ? inOrder.next().value : null)) };
    } catch (cause) {
      return await reply.code(500).send({ errors: [wireError(cause, request.log)] });
    }
  });
}

/**
 * Verifies the grant of each request.
 *
 * @returns The claims in the order of the requests; null for a grant that does not hold.
 */
export async function verifyEach<Request extends { readonly accessGrant?: unknown }>(
  requests: readonly Request[],
  digestOf: (request: Request) => string,
  { grants, audience, clock }: Pick<SubgraphServices, 'grants' | 'clock'> & { readonly audience: string },
): Promise<(GrantClaims | null)[]> {
  return await Promise.all(
    requests.map(async (request) => {
      try {
        const expected = { audience, body: digestOf(request), now: clock() };
        return await verifyGrant(grants, request.accessGrant, expected);
      } catch (cause) {
        if (cause instanceof GrantError) return null;
        throw cause;
      }
    }),
  );
}

function entryOf<Request extends { readonly accessGrant?: unknown }, Answer>(
  { request, grant }: GrantedRequest<Request>,
  { operation, childrenOf }: BatchedRoute<Request, Answer>,
  at: Date,
): JournalEntry {
  const children = childrenOf?.(request) ?? [];
  return { grant, operation, at, resolved: new Map(children.map((childId) => [childId, new Set<string>()])) };
}
