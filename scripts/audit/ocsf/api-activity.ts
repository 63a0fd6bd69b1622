import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import type { OcsfEvent } from './ocsf-event.ts';

/** Version of the schema that the events claim. @see https://schema.ocsf.io/1.8.0 */
const OCSF_VERSION = '1.8.0';

/** https://schema.ocsf.io/1.8.0/classes/api_activity */
const API_ACTIVITY = 6003;
/** https://schema.ocsf.io/1.8.0/classes/application_lifecycle */
const APPLICATION_LIFECYCLE = 6002;
const APPLICATION = 6;

const ACTIVITIES = {
  access: { id: 2, name: 'Read' },
  intent: { id: 3, name: 'Update' },
  outcome: { id: 3, name: 'Update' },
  import: { id: 1, name: 'Create' },
  prune: { id: 4, name: 'Delete' },
  /** Not one operation, but how many there were. */
  'refusal-count': { id: 99, name: 'Refused' },
  /** Of the application's life cycle. */
  boot: { id: 3, name: 'Start' },
} as const satisfies Record<AccessEvent['kind'], { readonly id: number; readonly name: string }>;

const INFORMATIONAL = 1;
const LOW = 2;
const MEDIUM = 3;

const STATUS = { unknown: 0, success: 1, failure: 2 } as const;

/**
 * One access event as an event of the Open Cybersecurity Schema Framework: API Activity, and Application Lifecycle for a
 * boot. Identifiers alone: neither the nonce, nor the reason, which people write freely.
 *
 * @param receipt `ORIGIN INDEX`.
 */
export function ocsfEventOf(event: AccessEvent, receipt: string): OcsfEvent {
  const [origin = receipt, index = '0'] = receipt.split(' ');
  const { id, name } = ACTIVITIES[event.kind];
  const classUid = event.kind === 'boot' ? APPLICATION_LIFECYCLE : API_ACTIVITY;
  const status = statusOf(event);
  return {
    category_uid: APPLICATION,
    class_uid: classUid,
    activity_id: id,
    activity_name: name,
    type_uid: classUid * 100 + id,
    severity_id: severityOf(event),
    time: Date.parse(event.refusals?.from ?? event.at),
    status_id: STATUS[status],
    ...(event.refusal === undefined ? {} : { status_code: event.refusal.code }),
    ...(event.refusal?.detail === undefined ? {} : { status_detail: event.refusal.detail }),
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'ContactPoint', vendor_name: origin.split('/', 1)[0] ?? origin },
      uid: receipt,
      log_name: origin,
      sequence: Number(index),
      event_code: event.kind,
      original_time: event.at,
    },
    ...(event.kind === 'boot'
      ? { app: { name: 'ContactPoint', uid: origin } }
      : activityOf(event, origin, receipt)),
    ...countOf(event),
    unmapped: unmappedOf(event),
  };
}

/** What API Activity has beside the base event. */
function activityOf(event: AccessEvent, origin: string, receipt: string): Partial<OcsfEvent> {
  const { practitioner, mediator, role, organisation, client, operation, refusal, refusals } = event;
  const user = {
    ...(practitioner === undefined ? {} : { uid: practitioner, type_id: 1 }),
    ...(organisation === undefined ? {} : { org: { uid: organisation } }),
    ...(role === undefined ? {} : { groups: [{ name: role }] }),
  };
  return {
    actor: {
      ...(practitioner === undefined ? {} : { user }),
      ...(mediator === undefined ? {} : { invoked_by: mediator }),
      app_uid: client ?? 'unknown',
    },
    api: {
      operation: operation?.name ?? event.kind,
      request: { uid: receipt },
      ...(refusal === undefined ? {} : { response: { error: refusal.code } }),
      service: { uid: origin, name: event.instance },
    },
    src_endpoint: refusals === undefined ? { name: client ?? 'unknown' } : { ip: refusals.source },
    ...(event.subjects.length === 0
      ? {}
      : { resources: event.subjects.map(({ child }) => ({ uid: child, type: 'Child' })) }),
  };
}

function statusOf({ kind, outcome }: AccessEvent): keyof typeof STATUS {
  // What became of it stands in the outcome.
  if (kind === 'intent') return 'unknown';
  return outcome === 'REFUSED' || kind === 'refusal-count' ? 'failure' : 'success';
}

function severityOf({ override, outcome, kind }: AccessEvent): number {
  if (override) return MEDIUM;
  return outcome === 'REFUSED' || kind === 'refusal-count' ? LOW : INFORMATIONAL;
}

function countOf({ refusals }: AccessEvent): Partial<OcsfEvent> {
  if (refusals === undefined) return {};
  const { count, from, to } = refusals;
  return { count, start_time: Date.parse(from), end_time: Date.parse(to) };
}

/** What OCSF has no attribute for: above all which fields of which child were released, and by which policies. */
function unmappedOf(event: AccessEvent): Readonly<Record<string, unknown>> {
  const {
    purpose,
    override,
    outcome,
    operation,
    policySet,
    supergraph,
    intentIndex,
    subjects,
    pruned,
    previous,
  } = event;
  return {
    outcome,
    purpose,
    break_glass: override,
    operation_hash: operation?.hash,
    policy_set: policySet,
    supergraph,
    intent_index: intentIndex?.toString(),
    pruned,
    previous,
    import: event.import,
    searches: event.searches,
    used_answer: event.usedAnswer,
    subjects: subjects.length === 0 ? undefined : subjects,
  };
}
