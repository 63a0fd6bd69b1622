import { isPurposeOfUse, PURPOSES } from '@contactpoint/access/purpose';
import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import type { AuditEventAgent, CodeableConcept } from '@medplum/fhirtypes';
import { coding, DESTINATION_ROLE, identified, SOURCE_ROLE } from './codings.ts';
import type { Interaction } from './interaction.ts';

/** Network address that an event does not hold: FHIR's word for it, as the patterns require the element. */
const UNKNOWN_NETWORK = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
} as const;

/** http://hl7.org/fhir/network-type */
const MACHINE_NAME = '1';
const IP_ADDRESS = '2';

/** Everybody who took part: client and gateway, and where they are known who asked, for whom, and where they work. */
export function agentsOf(event: AccessEvent, { action }: Interaction, origin: string): AuditEventAgent[] {
  // What is read flows from the gateway to the client; a query's parameters and a change flow to the gateway.
  const [client, server] = action === 'R' ? [DESTINATION_ROLE, SOURCE_ROLE] : [SOURCE_ROLE, DESTINATION_ROLE];
  return [
    {
      type: { coding: [client] },
      who: event.client === undefined ? { display: 'not known' } : identified('client', event.client),
      requestor: false,
      network: networkOf(event),
    },
    {
      type: { coding: [server] },
      who: identified('log', origin),
      requestor: false,
      network: { address: origin.split('/', 1)[0] ?? origin, type: MACHINE_NAME },
    },
    ...people(event, action),
  ];
}

function people(event: AccessEvent, action: Interaction['action']): AuditEventAgent[] {
  const { practitioner, mediator, organisation, role } = event;
  const agents: AuditEventAgent[] = [];
  const purposeOfUse = purposesOf(event);
  if (practitioner !== undefined) {
    const user =
      action === 'R' || action === 'E'
        ? coding('participation', 'IRCP', 'information recipient')
        : coding('participation', 'AUT', 'author (originator)');
    agents.push({
      type: { coding: [user] },
      ...(role === undefined ? {} : { role: [{ coding: [coding('role', role, role)] }] }),
      who: identified('practitioner', practitioner),
      requestor: true,
      ...(purposeOfUse.length === 0 ? {} : { purposeOfUse }),
    });
  }
  if (mediator !== undefined) {
    agents.push({
      type: { coding: [coding('roleClass', 'AGNT', 'agent')] },
      who: identified('practitioner', mediator),
      requestor: false,
    });
  }
  if (organisation !== undefined) {
    agents.push({
      type: { coding: [coding('roleClass', 'PROV', 'healthcare provider')] },
      who: { ...identified('organisation', organisation), display: organisation },
      requestor: false,
    });
  }
  return agents;
}

/** As HL7 calls them. https://terminology.hl7.org/CodeSystem-v3-ActReason.html */
const REASONS = {
  TREAT: 'treatment',
  ETREAT: 'Emergency Treatment',
  PATADMIN: 'patient administration',
  PATRQT: 'patient requested',
  HCOMPL: 'health compliance',
} as const;

/** The purpose as ContactPoint knows it, HL7's where one means the same, and break-glass on top. */
export function purposesOf({ purpose, override }: AccessEvent): CodeableConcept[] {
  const purposes: CodeableConcept[] = [];
  if (purpose !== undefined && isPurposeOfUse(purpose)) {
    const { hl7, meaning } = PURPOSES[purpose];
    const own = coding('purpose', purpose, meaning);
    purposes.push({ coding: hl7 === undefined ? [own] : [own, coding('reason', hl7, REASONS[hl7])] });
  } else if (purpose !== undefined && purpose !== '') {
    // As the caller wrote it: no code, but on record. FHIR has no empty texts.
    purposes.push({ text: purpose });
  }
  if (override) purposes.push({ coding: [coding('reason', 'BTG', 'break the glass')] });
  return purposes;
}

function networkOf({ refusals }: AccessEvent): NonNullable<AuditEventAgent['network']> {
  return refusals === undefined
    ? { extension: [...UNKNOWN_NETWORK.extension] }
    : { address: refusals.source, type: IP_ADDRESS };
}
