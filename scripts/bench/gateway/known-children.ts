import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import type { SubgraphDatabases } from '../../system/databases.ts';
import { BENCH_PRACTITIONER } from './bench-caller.ts';

export interface Caseload {
  /** Children of whom education, health and social care hold something, all allocated to the practitioner who asks. */
  readonly children: readonly string[];
  /** Cursors behind which twenty of them follow. */
  readonly cursors: readonly string[];
}

const PAGE = 20;

/**
 * Allocates every child to the practitioner who asks, but for shielded ones, of whom others learn less; without a
 * relationship there would be nothing to join.
 */
export async function allocateChildren(databases: SubgraphDatabases): Promise<Caseload> {
  const holders = await Promise.all([
    idsOf(databases.education, (store) => store`select distinct child_id as id from attendance`),
    idsOf(databases['social-care'], (store) => store`select child_id as id from care_child`),
  ]);
  const known = [...(holders[0] ?? [])].filter((id) => holders.every((ids) => ids.has(id)));
  const store = connect(databases.directory, { max: 1 });
  try {
    await store`delete from involvement where practitioner_id = ${BENCH_PRACTITIONER}`;
    await store`
      insert into involvement
        (id, child_id, practitioner_id, organisation_id, sector, service, involved_from, is_lead, allocated)
      select 'bench-' || id, id, ${BENCH_PRACTITIONER}, 'LA-975', 'SOCIAL_CARE', 'Children''s social care',
        current_date - 30, false, true
      from child
      where id = any(${known})
        and not exists (select from shield where shield.child_id = child.id and lifted_at is null)`;
    await store`analyze involvement`;
    const rows = await store<{ child: string; cursor: string }[]>`
      select child_id as child, cursor_key as cursor from involvement where practitioner_id = ${BENCH_PRACTITIONER}
      order by involved_from desc, cursor_key desc`;
    return {
      children: rows.map(({ child }) => child),
      cursors: rows.slice(0, -PAGE).map(({ cursor }) => cursor),
    };
  } finally {
    await store.end();
  }
}

async function idsOf(
  url: string,
  select: (store: Store) => PromiseLike<readonly unknown[]>,
): Promise<Set<string>> {
  const store = connect(url, { max: 1 });
  try {
    return new Set(((await select(store)) as readonly { readonly id: string }[]).map(({ id }) => id));
  } finally {
    await store.end();
  }
}
