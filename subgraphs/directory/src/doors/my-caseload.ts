import { londonDate } from '@contactpoint/access/calendar-date';
import { NO_FACTS } from '@contactpoint/access/facts';
import { orNull } from '@contactpoint/subgraph-kit/loader';
import { SubgraphError } from '@contactpoint/subgraph-kit/subgraph-error';
import {
  type DecidedChild,
  decideOn,
  findingFor,
  openDoor,
  requireIdentity,
} from '../access/own-decision.ts';
import type { DirectoryContext } from '../loaders.ts';

const PAGE = 20;
const MOST = 50;

/** `CaseloadConnection` of the contract. */
export interface CaseloadConnection {
  readonly children: readonly DecidedChild[] | null;
  /** Random key of the last involvement on the page; null on a page without children. */
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

/**
 * The caller's own open involvements, newest first, each child once. What may be known of a caseload depends on role and
 * purpose alone, so it is asked before anything is read.
 *
 * @throws SubgraphError UNAUTHORIZED_FIELD_OR_TYPE; BAD_USER_INPUT for a page size below 1 or a cursor of somebody else.
 */
export async function myCaseload(
  _root: unknown,
  { first, after }: { readonly first?: number | null; readonly after?: string | null },
  context: DirectoryContext,
): Promise<CaseloadConnection> {
  requireIdentity(decideOn(context, { ...NO_FACTS, relationship: 'TEAM' }));
  const size = Math.min(first ?? PAGE, MOST);
  if (size < 1) throw new SubgraphError('BAD_USER_INPUT', 'first must be at least 1');

  const entries = await findEntries(context, size + 1, await findPosition(context, after ?? undefined));
  const page = entries.slice(0, size);
  const children = await Promise.all(
    page.map(async ({ childId }) => {
      const { decision } = await findingFor(context, childId);
      return openDoor(context, childId, decision);
    }),
  );
  return {
    children: orNull(children),
    endCursor: page.at(-1)?.cursor ?? null,
    hasNextPage: entries.length > size,
  };
}

interface Position {
  readonly from: string;
  readonly cursor: string;
}

interface Entry extends Position {
  readonly childId: string;
}

async function findPosition(
  { grant, store }: DirectoryContext,
  cursor: string | undefined,
): Promise<Position | undefined> {
  if (cursor === undefined) return undefined;
  const [position] = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(cursor)
    ? await store<Position[]>`
        select involved_from as "from", cursor_key as cursor from involvement
        where cursor_key = ${cursor} and practitioner_id = ${grant.sub}`
    : [];
  if (position === undefined) throw new SubgraphError('BAD_USER_INPUT', 'after is no cursor of this list');
  return position;
}

/** Of several involvements with one child the newest stands for them. */
async function findEntries(
  { grant, store, clock }: DirectoryContext,
  limit: number,
  after: Position | undefined,
): Promise<Entry[]> {
  return await store<Entry[]>`
    select * from (
      select distinct on (coalesce(surviving, child_id))
        coalesce(surviving, child_id) as "childId", involved_from as "from", cursor_key as cursor
      from involvement left join superseded_number on number = child_id
      where practitioner_id = ${grant.sub} and is_open(involvement, ${londonDate(clock())}::date)
      order by coalesce(surviving, child_id), involved_from desc, cursor_key desc
    ) newest
    ${after === undefined ? store`` : store`where ("from", cursor) < (${after.from}::date, ${after.cursor}::uuid)`}
    order by "from" desc, cursor desc limit ${limit}`;
}
