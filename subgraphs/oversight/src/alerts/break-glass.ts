import type { TransactionSql } from 'postgres';
import type { EventRow } from '../projection/read-batch.ts';

/** An event and the index under which it is kept: its first part's. */
export type PlacedEvent = Pick<
  EventRow,
  'origin' | 'at' | 'practitioner' | 'mediator' | 'organisation' | 'override_windows'
> & { readonly index: string | undefined };

/**
 * BREAK_GLASS: raised once a window, by the first of its events that the projection meets, which is the intent to open
 * it. It refers to that event and says whose it is, and nothing of the child.
 */
export async function raiseBreakGlass(sql: TransactionSql, events: readonly PlacedEvent[]): Promise<void> {
  const rows = events.flatMap(
    ({ origin, index, at, practitioner, mediator, organisation, override_windows }) =>
      override_windows.map((override_window) => ({
        ...{ origin, index, at, organisation, override_window },
        practitioner: mediator ?? practitioner,
      })),
  );
  if (rows.length === 0) return;
  await sql`
    with raised as (
      insert into alert (rule, at, practitioner_id, organisation_id, note, origin, index, override_window)
      select 'BREAK_GLASS', at, practitioner, organisation, origin || ' ' || index, origin, index, override_window
      from jsonb_to_recordset(${sql.json(rows as never)}) as event (origin text, index bigint, at timestamptz,
        practitioner text, organisation text, override_window text)
      order by at, index
      on conflict do nothing
      returning id, origin, index
    )
    insert into alert_event (alert_id, origin, index) select id, origin, index from raised`;
}
