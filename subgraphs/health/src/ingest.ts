import type { Store } from '@contactpoint/subgraph-kit/store';
import type { JSONValue, TransactionSql } from 'postgres';
import type { HealthRecord, PracticeRecord } from './record.ts';

/** What an ingest takes: practices first, since patients name them. */
export interface HealthIngest {
  readonly practices: readonly PracticeRecord[];
  readonly children: readonly HealthRecord[];
}

/** Children per statement: one JSON document of a few MB. */
const BATCH_SIZE = 500;

/**
 * Stores practices and whole children's records, all or nothing. A child who is already known is replaced, so that the
 * same ingest twice leaves the same rows.
 */
export async function ingestHealth(store: Store, { practices, children }: HealthIngest): Promise<void> {
  await store.begin(async (transaction) => {
    await upsertPractices(transaction, practices);
    for (let start = 0; start < children.length; start += BATCH_SIZE)
      await replaceChildren(transaction, children.slice(start, start + BATCH_SIZE));
  });
}

async function upsertPractices(sql: TransactionSql, practices: readonly PracticeRecord[]): Promise<void> {
  if (practices.length === 0) return;
  await sql`
    insert into practice (ods_code, name, town, postcode)
    select "odsCode", name, town, postcode
    from jsonb_to_recordset(${documentOf(sql, practices)}) as row("odsCode" text, name text, town text, postcode text)
    on conflict (ods_code) do update
      set name = excluded.name, town = excluded.town, postcode = excluded.postcode`;
}

async function replaceChildren(sql: TransactionSql, children: readonly HealthRecord[]): Promise<void> {
  // Everything else a child has hangs on the patient and goes with it.
  await sql`delete from patient where child_id in ${sql(children.map(({ childId }) => childId))}`;
  const document = documentOf(sql, children);
  await sql`
    insert into patient (child_id, ods_code, allergies, sdq_score, initial_health_assessment_due)
    select "childId", "registeredPractice",
      array(select allergy from jsonb_array_elements_text(allergies) with ordinality as listed(allergy, place) order by place),
      "sdqScore", "initialHealthAssessmentDue"
    from jsonb_to_recordset(${document})
      as row("childId" text, "registeredPractice" text, allergies jsonb, "sdqScore" smallint,
        "initialHealthAssessmentDue" date)`;
  await sql`
    insert into immunisation (child_id, vaccine, snomed_code, status, given_on)
    select "childId", each.vaccine, each."snomedCode", each.status, each."givenOn"
    from jsonb_to_recordset(${document}) as row("childId" text, immunisations jsonb),
      jsonb_to_recordset(immunisations) as each(vaccine text, "snomedCode" text, status text, "givenOn" date)`;
  await sql`
    insert into missed_appointment (child_id, missed_on, setting)
    select "childId", each."on", each.setting
    from jsonb_to_recordset(${document}) as row("childId" text, "missedAppointments" jsonb),
      jsonb_to_recordset("missedAppointments") as each("on" date, setting text)`;
  await sql`
    insert into emergency_attendance (child_id, attended_on, site, reason)
    select "childId", each."on", each.site, each.reason
    from jsonb_to_recordset(${document}) as row("childId" text, "emergencyAttendances" jsonb),
      jsonb_to_recordset("emergencyAttendances") as each("on" date, site text, reason text)`;
  await sql`
    insert into condition (child_id, name, snomed_code, diagnosed_on)
    select "childId", each.name, each."snomedCode", each."diagnosedOn"
    from jsonb_to_recordset(${document}) as row("childId" text, conditions jsonb),
      jsonb_to_recordset(conditions) as each(name text, "snomedCode" text, "diagnosedOn" date)`;
  await insertContacts(sql, 'contact', document, {
    HEALTH_VISITOR: 'healthVisitor',
    SCHOOL_NURSE: 'schoolNurse',
  });
  await insertContacts(sql, 'sealed_contact', document, {
    MENTAL_HEALTH: 'mentalHealthService',
    SEXUAL_HEALTH: 'sexualHealthService',
    SUBSTANCE_MISUSE: 'substanceMisuseService',
  });
}

/** @param services Field of the record by the service's code. */
async function insertContacts(
  sql: TransactionSql,
  table: 'contact' | 'sealed_contact',
  document: ReturnType<typeof documentOf>,
  services: Readonly<Record<string, keyof HealthRecord>>,
): Promise<void> {
  for (const [service, field] of Object.entries(services))
    await sql`
      insert into ${sql(table)} (child_id, service, name, role, organisation, phone, email)
      select child ->> 'childId', ${service}, each.name, each.role, each.organisation, each.phone, each.email
      from jsonb_array_elements(${document}) as child,
        jsonb_to_record(child -> ${field}::text)
          as each(name text, role text, organisation text, phone text, email text)
      where jsonb_typeof(child -> ${field}::text) = 'object'`;
}

function documentOf(sql: TransactionSql, rows: readonly (PracticeRecord | HealthRecord)[]) {
  return sql.json(rows as unknown as JSONValue);
}
