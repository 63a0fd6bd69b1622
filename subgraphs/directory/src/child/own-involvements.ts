import { londonDate } from '@contactpoint/access/calendar-date';
import { loadInOrder } from '@contactpoint/subgraph-kit/loader';
import DataLoader from 'dataloader';
import type { DirectoryContext } from '../loaders.ts';
import type { Statements } from '../statements.ts';
import type { InvolvementRow } from './rows.ts';

/** `OwnInvolvement` of the contract. */
export interface OwnInvolvement {
  readonly id: string;
  /** Null for a sensitive service, here as everywhere. */
  readonly service: string | null;
  readonly from: string;
  readonly to: string | null;
}

interface OwnInvolvementRow extends OwnInvolvement {
  readonly childId: string;
}

/**
 * The involvements of a child that are shown to a caller: those of everybody else. One's own would be a probe: recorded
 * on a child without any it would stand in the list, on a shielded one it would not. Only whoever the child is allocated
 * to, from whom no shield hides anything, sees all of them.
 *
 * @param allocated Whether the child is allocated to the caller by social care.
 */
export function listedTo(
  { grant }: DirectoryContext,
  rows: readonly InvolvementRow[],
  allocated: boolean,
): readonly InvolvementRow[] {
  if (allocated) return rows;
  return rows.filter(
    ({ practitionerId }) =>
      practitionerId === null || (practitionerId !== grant.sub && practitionerId !== grant.act),
  );
}

const own = new WeakMap<DirectoryContext, DataLoader<string, OwnInvolvement[]>>();

/** The caller's own open involvements with a child, newest first; none where somebody reads on the caller's behalf. */
export async function ownInvolvements(
  context: DirectoryContext,
  childId: string,
): Promise<readonly OwnInvolvement[]> {
  if (context.grant.act !== undefined) return [];
  let loader = own.get(context);
  if (loader === undefined) {
    const { grant, store, clock } = context;
    loader = new DataLoader(
      async (childIds) => {
        const rows = await findOwn(store, grant.sub, childIds, londonDate(clock()));
        return loadInOrder(childIds, rows, (row) => row.childId);
      },
      { maxBatchSize: 500, cache: false, name: 'ownInvolvements' },
    );
    own.set(context, loader);
  }
  return await loader.load(childId);
}

async function findOwn(
  sql: Statements,
  practitionerId: string,
  childIds: readonly string[],
  today: string,
): Promise<OwnInvolvementRow[]> {
  return await sql<OwnInvolvementRow[]>`
    select number as "childId", i.id, case when brokered then null else service end as service,
      involved_from as "from", involved_to as "to"
    from unnest(${childIds as string[]}::text[]) as asked(number)
    join involvement i on i.child_id = any(numbers_of(number))
    where practitioner_id = ${practitionerId} and is_open(i, ${today}::date)
    order by involved_from desc, i.id`;
}
