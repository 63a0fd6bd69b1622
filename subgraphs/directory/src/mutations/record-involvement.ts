import { randomUUID } from 'node:crypto';
import { isCalendarDate, londonDate, plusMonths } from '@contactpoint/access/calendar-date';
import { isPlainText } from '@contactpoint/access/plain-text';
import { badArgument, SubgraphError } from '@contactpoint/subgraph-kit/subgraph-error';
import { inTransaction } from '@contactpoint/subgraph-kit/transaction';
import type { DecidedChild } from '../access/own-decision.ts';
import type { DirectoryContext } from '../loaders.ts';
import { decidedAnew, requireKnownChild } from './decided-anew.ts';

/** `RecordInvolvementInput` of the contract. */
export interface RecordInvolvementInput {
  readonly childId: string;
  readonly service: string;
  readonly from: string;
  readonly isLead?: boolean | null;
  readonly sensitiveService?: boolean | null;
  readonly basis?: 'EXPLICIT_CONSENT' | 'SIGNIFICANT_HARM' | null;
}

const SERVICE_LENGTH = 200;

/** Services end with the 25th birthday (Children and Families Act 2014, Part 3): nobody has been involved for longer. */
const LONGEST_AGO_MONTHS = 25 * 12;

/**
 * Records that the caller works with a child. That makes the relationship TEAM and nothing more, and tells the privacy
 * officer of the caller's organisation that somebody has just opened a door for themselves.
 */
export async function recordInvolvement(
  _root: unknown,
  { input }: { readonly input: RecordInvolvementInput },
  context: DirectoryContext,
): Promise<DecidedChild | null> {
  const childId = await requireKnownChild(context, input.childId);
  const service = checkService(input.service);
  checkStart(input.from, londonDate(context.clock()));
  const brokered = input.sensitiveService === true;
  if (brokered && (input.basis ?? null) === null) {
    throw new SubgraphError('BAD_USER_INPUT', 'A sensitive service needs a basis');
  }

  const { grant, store } = context;
  const id = randomUUID();
  const now = context.clock().toISOString();
  await inTransaction(store, async (sql) => {
    // Name and telephone are what was last known of the practitioner here: accreditation has accounts, not contacts.
    await sql`
      insert into involvement (
        id, child_id, practitioner_id, organisation_id, sector, service, practitioner_name, practitioner_role, phone,
        email, involved_from, is_lead, brokered, basis, self_recorded, recorded_at)
      select ${id}, ${childId}, ${grant.sub}, ${grant.organisation}, ${grant.sector}, ${service},
        contact.practitioner_name, coalesce(contact.practitioner_role, ${grant.role}), contact.phone, contact.email,
        ${input.from}::date, ${input.isLead === true && !brokered}, ${brokered}, ${brokered ? (input.basis ?? null) : null},
        true, ${now}
      from (values (1)) as one
      left join lateral (
        select practitioner_name, practitioner_role, phone, email from involvement
        where practitioner_id = ${grant.sub} and organisation_id = ${grant.organisation}
          and practitioner_name is not null
        order by recorded_at desc, id limit 1
      ) contact on true`;
    await sql`
      insert into privacy_alert (organisation_id, involvement_id, raised_at)
      values (${grant.organisation}, ${id}, ${now})`;
  });
  return await decidedAnew(context, childId);
}

function checkService(service: string): string {
  const trimmed = service.trim();
  if (trimmed === '' || trimmed.length > SERVICE_LENGTH) {
    throw badArgument('service', 'LENGTH', `service must have 1 to ${SERVICE_LENGTH} characters`);
  }
  if (!isPlainText(trimmed))
    throw badArgument('service', 'CHARACTERS', 'service has characters that deceive whoever reads it');
  return trimmed;
}

function checkStart(from: string, today: string): void {
  const sensible = isCalendarDate(from) && from <= today && from >= plusMonths(today, -LONGEST_AGO_MONTHS);
  if (!sensible) {
    throw new SubgraphError('BAD_USER_INPUT', 'from must be a day within the last 25 years');
  }
}
