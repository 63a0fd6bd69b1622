import type { Store } from '@contactpoint/subgraph-kit/store';
import type { SubgraphDefinition, SubgraphServices } from '@contactpoint/subgraph-kit/subgraph';
import { SubgraphError } from '@contactpoint/subgraph-kit/subgraph-error';
import { systemRoute } from '@contactpoint/subgraph-kit/system-route';
import * as v from 'valibot';
import { readIndex } from '../bad-input.ts';
import type { Projection } from '../projection/projection.ts';

type App = Parameters<NonNullable<SubgraphDefinition<unknown>['routes']>>[0];

/** What of one child an answer gave its reader. */
export interface AnsweredSubject {
  readonly child: string;
  readonly released: readonly string[];
}

const Question = v.object({
  practitionerId: v.string(),
  origin: v.pipe(v.string(), v.regex(/^[!-~]{1,200}$/)),
  index: v.pipe(v.string(), v.regex(/^(0|[1-9]\d{0,17})$/)),
});

/**
 * `POST /answers/own`: whom an answer showed to the practitioner who says that it is theirs, `{ subjects: [...] }`, or
 * `{ subjects: null }` where it is not. The event of a copy is made of it.
 */
export function ownAnswerRoute(app: App, services: SubgraphServices, projection: Projection): void {
  systemRoute(app, services, {
    path: '/answers/own',
    audience: 'oversight',
    content: Question,
    async answer({ practitionerId, origin, index }) {
      await projection.catchUp();
      const subjects = await findOwnAnswer(services.store, practitionerId, origin, index);
      return { subjects: subjects ?? null };
    },
  });
}

/** `Mutation.recordAnswerUse`: the gateway keeps the event; that the answer is the caller's is looked at here again. */
export async function confirmOwnAnswer(
  sql: Store,
  { origin, index }: { readonly origin: string; readonly index: string },
  caller: string,
): Promise<true> {
  const subjects = await findOwnAnswer(sql, caller, origin, readIndex(index).toString());
  if (subjects !== undefined) return true;
  const message = 'There is no such answer of the caller';
  throw new SubgraphError('UNAUTHORIZED_FIELD_OR_TYPE', message, { reason: 'POLICY' });
}

/**
 * An answer belongs to whoever was sent it: where somebody read for a colleague, to the former. Children of whom nothing was
 * released are not in it.
 *
 * @returns undefined for every receipt that is not one of the practitioner's answers.
 */
async function findOwnAnswer(
  sql: Store,
  practitionerId: string,
  origin: string,
  index: string,
): Promise<readonly AnsweredSubject[] | undefined> {
  const rows = await sql<{ child: string | null; released: string[] | null }[]>`
    select subject.child_id as child, subject.released
    from access_event as event
      left join access_subject as subject on subject.origin = event.origin and subject.index = event.index
        and cardinality(subject.released) > 0
    where event.origin = ${origin} and event.index = ${index}::bigint
      and coalesce(event.mediator_id, event.practitioner_id) = ${practitionerId}
      and event.kind in ('access', 'outcome')
    order by subject.place`;
  if (rows.length === 0) return undefined;
  return rows.flatMap(({ child, released }) => (child === null ? [] : { child, released: released ?? [] }));
}
