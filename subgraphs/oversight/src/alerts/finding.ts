import type { TransactionSql } from 'postgres';

/** A rule found something that an auditor should look at. */
export interface Finding {
  readonly practitionerId: string | null;
  readonly organisationId: string | null;
  /** When it had come so far, RFC 3339. */
  readonly at: string;
  /** What is raised once for this practitioner: `2026-11-22`. */
  readonly occasion: string;
  /** For people; says nothing of a child. */
  readonly note: string;
  /** What it is about, by reference alone. */
  readonly events: readonly { readonly origin: string; readonly index: string }[];
}

/** A rule's findings become alerts; what was raised before is not raised again. */
export async function raise(sql: TransactionSql, rule: string, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return;
  await sql`
    with found as (
      select rule, at, practitioner, organisation, note, occasion, events
      from jsonb_to_recordset(${sql.json(findings.map((finding) => rowOf(rule, finding)) as never)}) as found (
        rule text, at timestamptz, practitioner text, organisation text, note text, occasion text, events jsonb)
    ), raised as (
      insert into alert (rule, at, practitioner_id, organisation_id, note, occasion)
      select rule, at, practitioner, organisation, note, occasion from found order by practitioner, occasion
      on conflict do nothing
      returning id, rule, practitioner_id, occasion
    )
    insert into alert_event (alert_id, origin, index)
    select distinct raised.id, event.origin, event.index
    from raised
    join found on found.rule = raised.rule and found.occasion = raised.occasion
      and found.practitioner is not distinct from raised.practitioner_id
    cross join jsonb_to_recordset(found.events) as event (origin text, index bigint)`;
}

function rowOf(rule: string, { practitionerId, organisationId, ...finding }: Finding) {
  return { rule, ...finding, practitioner: practitionerId, organisation: organisationId };
}
