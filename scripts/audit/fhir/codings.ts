import type { Coding, Identifier } from '@medplum/fhirtypes';

/** Code systems of FHIR R4 and of those it borrows from. */
const SYSTEMS = {
  /** http://dicom.nema.org/medical/dicom/current/output/chtml/part16/sect_CID_400.html */
  dicom: 'http://dicom.nema.org/resources/ontology/DCM',
  type: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
  outcome: 'http://terminology.hl7.org/CodeSystem/audit-event-outcome',
  interaction: 'http://hl7.org/fhir/restful-interaction',
  lifecycle: 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle',
  participation: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
  roleClass: 'http://terminology.hl7.org/CodeSystem/v3-RoleClass',
  reason: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  entityType: 'http://terminology.hl7.org/CodeSystem/audit-entity-type',
  entityRole: 'http://terminology.hl7.org/CodeSystem/object-role',
  source: 'http://terminology.hl7.org/CodeSystem/security-source-type',
  /** ContactPoint's own, `schema/access/src/purpose.ts` and `role.ts`. */
  purpose: 'https://contactpoint.example/fhir/CodeSystem/purpose-of-use',
  role: 'https://contactpoint.example/fhir/CodeSystem/role',
} as const;

/** What identifies whom and what, each a system of its own. */
const IDENTIFIERS = {
  child: 'https://contactpoint.example/fhir/identifier/contactpoint-number',
  practitioner: 'https://contactpoint.example/fhir/identifier/practitioner',
  organisation: 'https://contactpoint.example/fhir/identifier/organisation',
  client: 'https://contactpoint.example/fhir/identifier/client',
  log: 'https://contactpoint.example/fhir/identifier/log',
  /** `ORIGIN INDEX`, as the caller got it in `Access-Log`. */
  receipt: 'https://contactpoint.example/fhir/identifier/access-log',
  /** Hex SHA-256 of an operation's text. */
  operation: 'https://contactpoint.example/fhir/identifier/operation',
} as const;

export function coding(system: keyof typeof SYSTEMS, code: string, display: string): Coding {
  return { system: SYSTEMS[system], code, display };
}

/** A reference to what is known by an identifier alone: there is no FHIR server to fetch it from. */
export function identified(system: keyof typeof IDENTIFIERS, value: string): { identifier: Identifier } {
  return { identifier: { system: IDENTIFIERS[system], value } };
}

/** http://dicom.nema.org, the roles of who sends and who receives. */
export const SOURCE_ROLE = coding('dicom', '110153', 'Source Role ID');
export const DESTINATION_ROLE = coding('dicom', '110152', 'Destination Role ID');
