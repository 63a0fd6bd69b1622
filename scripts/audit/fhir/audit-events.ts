import { createHash } from 'node:crypto';
import type { AccessEvent, SubjectDecision } from '@contactpoint/audit-log/access-event';
import type { AuditEvent } from '@medplum/fhirtypes';
import { agentsOf, purposesOf } from './agents.ts';
import { coding, identified } from './codings.ts';
import { entitiesOf } from './entities.ts';
import { interactionOf, type Reach } from './interaction.ts';

const PROFILES = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';

/** Characters of an id: FHIR takes 64 at most. */
const ID_LENGTH = 40;

/**
 * FHIR R4 AuditEvents of one access event, after IHE's Basic Audit Log Patterns: one for each child, as these demand, and
 * one where there is none. Identifiers alone: neither the nonce, nor the reason, which people write freely.
 *
 * @param receipt `ORIGIN INDEX`.
 * @see https://hl7.org/fhir/R4/auditevent.html
 * @see https://profiles.ihe.net/ITI/BALP
 */
export function auditEventsOf(event: AccessEvent, receipt: string): AuditEvent[] {
  const { subjects } = event;
  if (subjects.length === 0) {
    return [auditEventOf(event, receipt, undefined, { children: 0, released: event.outcome !== 'REFUSED' })];
  }
  return subjects.map((subject) =>
    auditEventOf(event, receipt, subject, {
      children: subjects.length,
      released: subject.released.length > 0,
    }),
  );
}

function auditEventOf(
  event: AccessEvent,
  receipt: string,
  subject: SubjectDecision | undefined,
  reach: Reach,
): AuditEvent {
  const interaction = interactionOf(event, reach);
  const { profile, type, subtype, action, outcome } = interaction;
  const [origin = receipt] = receipt.split(' ');
  const purposes = purposesOf(event);
  return {
    resourceType: 'AuditEvent',
    id: createHash('sha256')
      .update(`${receipt} ${subject?.child ?? ''}`)
      .digest('hex')
      .slice(0, ID_LENGTH),
    ...(profile === undefined ? {} : { meta: { profile: [`${PROFILES}${profile}`] } }),
    type,
    ...(subtype === undefined ? {} : { subtype: [subtype] }),
    action,
    recorded: event.at,
    ...(outcome === undefined ? {} : { outcome }),
    ...(event.refusal === undefined ? {} : { outcomeDesc: event.refusal.code }),
    ...(purposes.length === 0 ? {} : { purposeOfEvent: purposes }),
    agent: agentsOf(event, interaction, origin),
    source: {
      site: origin.split('/', 1)[0] ?? origin,
      observer: identified('log', origin),
      type: [coding('source', '4', 'Application Server')],
    },
    entity: entitiesOf(
      event,
      {
        ...interaction,
        ...(profile === undefined ? { profile: undefined } : { profile }),
      } as typeof interaction,
      receipt,
      subject,
    ),
  };
}
