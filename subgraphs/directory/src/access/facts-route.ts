import { londonDate } from '@contactpoint/access/calendar-date';
import { type FactsResponse, NO_FACTS } from '@contactpoint/access/facts';
import { factsDigest, type GrantClaims, GrantError, verifyGrant } from '@contactpoint/access/grant';
import { type JournalEntry, journal } from '@contactpoint/subgraph-kit/journal';
import type { SubgraphDefinition, SubgraphServices } from '@contactpoint/subgraph-kit/subgraph';
import * as v from 'valibot';
import { loadFacts } from './load-facts.ts';

type App = Parameters<NonNullable<SubgraphDefinition<unknown>['routes']>>[0];

/** Requests of one batch at most, and children of one request. */
const MOST_REQUESTS = 200;
const MOST_CHILDREN = 500;

const Request = v.object({
  practitionerId: v.string(),
  organisationId: v.string(),
  children: v.pipe(v.array(v.string()), v.maxLength(MOST_CHILDREN)),
  accessGrant: v.string(),
});

const Body = v.object({ requests: v.pipe(v.array(Request), v.maxLength(MOST_REQUESTS)) });

type Request = v.InferOutput<typeof Request>;

/** Opening facts is no field of the schema; the journal names it so. */
const FACTS: ReadonlySet<string> = new Set(['Facts']);

/**
 * `POST /facts`: what the directory knows of practitioners and children, for the gateway's decisions. Every request of
 * the batch stands under a grant of its own and is answered null without a good one; the others go to the store in one
 * statement, and nothing is answered before it is journaled.
 */
export function factsRoute(app: App, { store, grants, clock }: SubgraphServices): void {
  async function grantOf(request: Request): Promise<GrantClaims | null> {
    try {
      const grant = await verifyGrant(grants, request.accessGrant, {
        audience: 'directory',
        body: factsDigest(request),
        now: clock(),
      });
      const { sub, organisation } = grant;
      return sub === request.practitionerId && organisation === request.organisationId ? grant : null;
    } catch (cause) {
      if (cause instanceof GrantError) return null;
      throw cause;
    }
  }

  app.post('/facts', async (request, reply): Promise<FactsResponse> => {
    const body = v.safeParse(Body, request.body);
    if (!body.success) {
      const error = { message: 'No list of requests', extensions: { code: 'BAD_USER_INPUT' } };
      return await reply.code(400).send({ errors: [error] });
    }
    const { requests } = body.output;
    const granted = await Promise.all(
      requests.map(async (each) => ({ ...each, grant: await grantOf(each) })),
    );

    // A refused request asks for nobody, so that answers keep their places.
    const questions = granted.map(({ grant, children, ...who }) => ({
      ...who,
      sector: grant?.sector ?? 'DIRECTORY',
      children: grant === null ? [] : children,
    }));
    const answers = await loadFacts(store, questions, londonDate(clock()));
    await journal(
      store,
      granted.flatMap(({ grant, children }) => entryOf(grant, children, clock())),
    );
    return {
      answers: granted.map(({ grant, children }, place) =>
        grant === null
          ? null
          : Object.fromEntries(children.map((id) => [id, answers[place]?.get(id) ?? NO_FACTS])),
      ),
    };
  });
}

function entryOf(grant: GrantClaims | null, children: readonly string[], at: Date): JournalEntry[] {
  if (grant === null) return [];
  return [{ grant, operation: 'facts', at, resolved: new Map(children.map((id) => [id, FACTS])) }];
}
