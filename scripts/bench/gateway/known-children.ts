import { connect } from '@contactpoint/subgraph-kit/store';
import type { SubgraphDatabases } from '../../system/databases.ts';
import { BENCH_PRACTITIONER } from './bench-caller.ts';

export interface Caseload {
  /** Children who go to school, all allocated to the practitioner who asks. */
  readonly children: readonly string[];
  /** Cursors behind which twenty of them follow. */
  readonly cursors: readonly string[];
}

const PAGE = 20;

/**
 * Allocates every child who goes to school to the practitioner who asks, but for shielded ones, of whom others learn less;
 * without a relationship there would be nothing to join.
 */
export async function allocateChildren(databases: SubgraphDatabases): Promise<Caseload> {
  const known = await attendingChildren(databases.education);
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

async function attendingChildren(url: string): Promise<string[]> {
  const store = connect(url, { max: 1 });
  try {
    const rows = await store<{ id: string }[]>`select distinct child_id as id from attendance`;
    return rows.map(({ id }) => id);
  } finally {
    await store.end();
  }
}
