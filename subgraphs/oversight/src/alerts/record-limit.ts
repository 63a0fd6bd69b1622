import type { TransactionSql } from 'postgres';
import type { EventRow } from '../projection/read-batch.ts';

/** An event and the index under which it is kept: its first part's. */
export type RefusedEvent = Pick<
  EventRow,
  'origin' | 'at' | 'practitioner' | 'mediator' | 'organisation' | 'refusal_code'
> & { readonly index: string | undefined };

/**
 * RECORD_LIMIT: raised by the first refusal for want of room below a limit, once a practitioner and hour, in whatever
 * gateway's log it stands. It refers to that event and says whose it is, and nothing of the children.
 */
export async function raiseRecordLimit(sql: TransactionSql, events: readonly RefusedEvent[]): Promise<void> {
  const rows = events.flatMap(({ origin, index, at, practitioner, mediator, organisation, refusal_code }) =>
    refusal_code === 'RECORD_LIMIT_EXCEEDED'
      ? [{ origin, index, at, organisation, practitioner: mediator ?? practitioner }]
      : [],
  );
  if (rows.length === 0) return;
  await sql`
    with raised as (
      insert into alert (rule, at, practitioner_id, organisation_id, note, origin, index, limit_hour)
      select 'RECORD_LIMIT', at, practitioner, organisation, origin || ' ' || index, origin, index,
        date_trunc('hour', at, 'UTC')
      from jsonb_to_recordset(${sql.json(rows as never)}) as event (origin text, index bigint, at timestamptz,
        practitioner text, organisation text)
      order by at, index
      on conflict do nothing
      returning id, origin, index
    )
    insert into alert_event (alert_id, origin, index) select id, origin, index from raised`;
}
