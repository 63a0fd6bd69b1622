import { type GrantClaims, GrantError, systemDigest, verifyGrant } from '@contactpoint/access/grant';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { SubgraphServices } from './definition.ts';
import { type JournaledOperation, journal } from './journal.ts';
import { refusal, wireError } from './wire-error.ts';

/** A route for the gateway itself, whose body is the content and `accessGrant`. It shows no record to anybody. */
export interface SystemRoute<Content> {
  /** `/override-reviews`. */
  readonly path: string;
  /** Name of the subgraph: the audience of the grants. */
  readonly audience: string;
  /** What the body must be beside the grant. */
  readonly content: v.GenericSchema<unknown, Content>;
  /** What is answered with 200, or undefined for 204. */
  readonly answer: (content: Content) => Promise<object | undefined>;
  /** Where the answer is made of records: as what it is journaled before it leaves, and whose they are. */
  readonly journaled?: {
    readonly operation: Extract<JournaledOperation, 'comparisons'>;
    /** ContactPoint numbers. */
    readonly childrenOf: (content: Content) => readonly string[];
  };
}

const Body = v.looseObject({ accessGrant: v.string() });

/**
 * Serves a route to the gateway's own grant for just this path and this content: one that it signed for a
 * practitioner's fetch does not count.
 */
export function systemRoute<Content>(
  app: FastifyInstance,
  { store, grants, clock }: SubgraphServices,
  { path, audience, content: schema, answer, journaled }: SystemRoute<Content>,
): void {
  app.post(path, async (request, reply) => {
    const body = v.safeParse(Body, request.body);
    if (!body.success)
      return await reply
        .code(400)
        .send({ errors: [refusal('BAD_USER_INPUT', 'The body has an accessGrant')] });
    // The digest is of what was sent, in the order in which it was sent: it comes before the schema.
    const { accessGrant, ...sent } = request.body as { readonly accessGrant: string };
    let grant: GrantClaims;
    try {
      const expected = { audience, body: systemDigest(path, sent), now: clock() };
      grant = await verifyGrant(grants, accessGrant, expected);
      // The claims' type names practitioners' roles only; the gateway's own is none of them.
      if ((grant.role as string) !== 'gateway') throw new GrantError('access grant of a practitioner');
    } catch (cause) {
      if (!(cause instanceof GrantError)) throw cause;
      request.log.warn({ reason: cause.message }, 'a grant was refused');
      return await reply.code(401).send({ errors: [refusal('UNAUTHENTICATED', 'No valid access grant')] });
    }
    const content = v.safeParse(schema, sent);
    if (!content.success)
      return await reply
        .code(400)
        .send({ errors: [refusal('BAD_USER_INPUT', `This is no content of ${path}`)] });
    try {
      const answered = await answer(content.output);
      if (journaled !== undefined) {
        const children = journaled.childrenOf(content.output);
        const resolved = new Map(children.map((childId) => [childId, new Set<string>()]));
        await journal(store, [{ grant, operation: journaled.operation, at: clock(), resolved }]);
      }
      return await (answered === undefined ? reply.code(204).send() : reply.send(answered));
    } catch (cause) {
      return await reply.code(500).send({ errors: [wireError(cause, request.log)] });
    }
  });
}
