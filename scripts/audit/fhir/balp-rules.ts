import type { AuditEvent, AuditEventAgent, AuditEventEntity, Coding } from '@medplum/fhirtypes';

/** One profile's rules, as its StructureDefinition has them. */
interface BalpRules {
  readonly action: string;
  /** Codes of `http://hl7.org/fhir/restful-interaction`, of which one is required. */
  readonly subtypes: readonly string[];
  /** DICOM codes of the two required agents. */
  readonly client: string;
  readonly server: string;
  /** Codes of v3-ParticipationType that the user may have. */
  readonly users: readonly string[];
  readonly entities: number;
  readonly object: 'data' | 'query';
  readonly patient: boolean;
}

const RECIPIENT = ['IRCP'];
const AUTHORS = ['AUT', 'INF', 'CST'];
const SEARCHES = ['search', 'search-type', 'search-system'];
const UPDATES = ['update', 'patch'];

/**
 * https://profiles.ihe.net/ITI/BALP, 1.1: fixed values, cardinalities and required bindings of the profiles that
 * the export claims.
 */
const RULES: Readonly<Record<string, BalpRules>> = {
  PatientRead: {
    action: 'R',
    subtypes: ['read', 'vread'],
    client: '110152',
    server: '110153',
    users: RECIPIENT,
    entities: 2,
    object: 'data',
    patient: true,
  },
  Query: {
    action: 'E',
    subtypes: SEARCHES,
    client: '110153',
    server: '110152',
    users: RECIPIENT,
    entities: 1,
    object: 'query',
    patient: false,
  },
  PatientQuery: {
    action: 'E',
    subtypes: SEARCHES,
    client: '110153',
    server: '110152',
    users: RECIPIENT,
    entities: 1,
    object: 'query',
    patient: true,
  },
  Update: {
    action: 'U',
    subtypes: UPDATES,
    client: '110153',
    server: '110152',
    users: AUTHORS,
    entities: 1,
    object: 'data',
    patient: false,
  },
  PatientUpdate: {
    action: 'U',
    subtypes: UPDATES,
    client: '110153',
    server: '110152',
    users: AUTHORS,
    entities: 2,
    object: 'data',
    patient: true,
  },
};

const PROFILE = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';
const DICOM = 'http://dicom.nema.org/resources/ontology/DCM';
const PARTICIPATION = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';
const ENTITY_TYPE = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const ENTITY_ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';
const REST_ROLES = ['4', '3', '20'];

/** What of an AuditEvent breaks a rule of FHIR R4 or of a profile that it claims; nothing where all is well. */
export function brokenRules(event: AuditEvent): string[] {
  const claimed = event.meta?.profile ?? [];
  return [...brokenBase(event), ...claimed.flatMap((profile) => brokenProfile(event, profile))];
}

/** https://hl7.org/fhir/R4/auditevent.html: cardinalities, required bindings and invariants. */
function brokenBase(event: AuditEvent): string[] {
  return failed([
    ['resourceType', event.resourceType === 'AuditEvent'],
    ['id', /^[A-Za-z0-9\-.]{1,64}$/.test(event.id ?? '')],
    ['type 1..1', isCoding(event.type)],
    ['subtype', (event.subtype ?? []).every(isCoding)],
    ['action from audit-event-action', ['C', 'R', 'U', 'D', 'E', undefined].includes(event.action)],
    ['recorded 1..1 instant', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(event.recorded)],
    ['outcome from audit-event-outcome', ['0', '4', '8', '12', undefined].includes(event.outcome)],
    ['agent 1..*', event.agent.length > 0],
    ['agent.requestor 1..1', event.agent.every(({ requestor }) => typeof requestor === 'boolean')],
    ['one requestor at most', event.agent.filter(({ requestor }) => requestor).length <= 1],
    [
      'agent.network.type',
      event.agent.every(({ network }) => ['1', '2', '3', '4', '5', undefined].includes(network?.type)),
    ],
    ['source.observer 1..1', event.source.observer !== undefined],
    [
      'sev-1: a name or a query',
      (event.entity ?? []).every(({ name, query }) => name === undefined || query === undefined),
    ],
    [
      'entity.query base64Binary',
      (event.entity ?? []).every(({ query }) => query === undefined || isBase64(query)),
    ],
    [
      'entity.detail',
      (event.entity ?? [])
        .flatMap(({ detail }) => detail ?? [])
        .every(({ type, valueString }) => type !== '' && valueString !== undefined),
    ],
    ['ele-1: nothing empty', !hasEmpty(event)],
  ]);
}

function brokenProfile(event: AuditEvent, profile: string): string[] {
  const rules = RULES[profile.replace(PROFILE, '')];
  if (!profile.startsWith(PROFILE) || rules === undefined) return [`meta.profile ${profile}`];
  const entity = event.entity ?? [];
  const client = event.agent.filter(({ type }) => hasCode(type?.coding, DICOM, [rules.client]));
  const server = event.agent.filter(({ type }) => hasCode(type?.coding, DICOM, [rules.server]));
  const user = event.agent.filter(({ type }) => hasCode(type?.coding, PARTICIPATION, rules.users));
  const objects = entity.filter(({ type }) => hasCode([type], ENTITY_TYPE, ['2']));
  const patients = entity.filter(({ type }) => hasCode([type], ENTITY_TYPE, ['1']));
  return failed([
    ['type rest', hasCode([event.type], 'http://terminology.hl7.org/CodeSystem/audit-event-type', ['rest'])],
    [
      'subtype',
      event.subtype?.filter((code) =>
        hasCode([code], 'http://hl7.org/fhir/restful-interaction', rules.subtypes),
      ).length === 1,
    ],
    ['action', event.action === rules.action],
    ['outcome 0', event.outcome === '0'],
    ['agent 2..*', event.agent.length >= 2],
    ['agent[client]', client.length === 1 && client.every(isMachine)],
    ['agent[server]', server.length === 1 && server.every(isMachine)],
    ['agent[user]', user.length <= 1 && user.every(isUser)],
    ['entity', entity.length >= rules.entities],
    [
      `entity[${rules.object}]`,
      objects.length === 1 && objects.every(rules.object === 'data' ? isData : isQuery),
    ],
    ['entity[patient]', !rules.patient || (patients.length === 1 && patients.every(isPatient))],
  ]).map((rule) => `${profile.replace(PROFILE, '')}: ${rule}`);
}

function isMachine({ who, network, media }: AuditEventAgent): boolean {
  return who !== undefined && network !== undefined && media === undefined;
}

function isUser({ who, requestor, media, network }: AuditEventAgent): boolean {
  return who !== undefined && requestor === true && media === undefined && network === undefined;
}

function isData({ what, role }: AuditEventEntity): boolean {
  return what !== undefined && hasCode([role], ENTITY_ROLE, REST_ROLES);
}

function isQuery({ what, role, query, detail, lifecycle }: AuditEventEntity): boolean {
  const hasNoMore = what === undefined && detail === undefined && lifecycle === undefined;
  return query !== undefined && hasNoMore && hasCode([role], ENTITY_ROLE, ['24']);
}

/** `what only Reference(Patient)` */
function isPatient({ what, role }: AuditEventEntity): boolean {
  return (
    what?.type === 'Patient' && what.identifier?.value !== undefined && hasCode([role], ENTITY_ROLE, ['1'])
  );
}

function hasCode(
  codings: readonly (Coding | undefined)[] | undefined,
  system: string,
  codes: readonly string[],
): boolean {
  return (codings ?? []).some((coding) => coding?.system === system && codes.includes(coding.code ?? ''));
}

function isCoding({ system, code }: Coding): boolean {
  return system !== undefined && code !== undefined;
}

function isBase64(text: string): boolean {
  return text !== '' && Buffer.from(text, 'base64').toString('base64') === text;
}

function hasEmpty(value: unknown): boolean {
  if (value === '' || value === null || value === undefined) return true;
  if (typeof value !== 'object') return false;
  const parts = Object.values(value);
  return parts.length === 0 || parts.some(hasEmpty);
}

function failed(rules: readonly (readonly [string, boolean])[]): string[] {
  return rules.flatMap(([rule, holds]) => (holds ? [] : [rule]));
}
