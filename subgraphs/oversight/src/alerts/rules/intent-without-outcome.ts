import type { TransactionSql } from 'postgres';
import type { Finding } from '../finding.ts';
import type { AlertSettings } from '../settings.ts';

/**
 * INTENT_WITHOUT_OUTCOME: a mutation, a break-glass or an import was on record before it ran, and how it ended never was:
 * a process died on the way, or the log did not take the outcome. What was done must be looked up where it was done.
 *
 * Catches an intent that is older than anything of its kind takes, once. Leaves alone what is still under way, and
 * everything that ended, refusals and failures included.
 *
 * @param now Of the machine; the intents' own times are of the gateways' clocks.
 */
export async function intentWithoutOutcome(
  sql: TransactionSql,
  now: Date,
  { intentMinutes, importMinutes }: AlertSettings,
): Promise<readonly Finding[]> {
  return await sql<Finding[]>`
    delete from open_intent
    where at < ${now}::timestamptz - make_interval(mins =>
      case when practitioner_id is null then ${importMinutes}::int else ${intentMinutes}::int end)
    returning practitioner_id as "practitionerId", organisation_id as "organisationId", at,
      origin || ' ' || index as occasion, origin || ' ' || index as note,
      jsonb_build_array(jsonb_build_object('origin', origin, 'index', index::text)) as events`;
}
