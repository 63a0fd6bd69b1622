import type { AccessEvent, SubjectDecision } from '@contactpoint/audit-log/access-event';
import type { AuditEventEntity, AuditEventEntityDetail } from '@medplum/fhirtypes';
import { coding, identified } from './codings.ts';
import type { Interaction } from './interaction.ts';

/** What was acted on: the child, the operation, and the event in the log by which all of it can be proven. */
export function entitiesOf(
  event: AccessEvent,
  { profile }: Interaction,
  receipt: string,
  subject: SubjectDecision | undefined,
): AuditEventEntity[] {
  const isQuery = profile === 'Query' || profile === 'PatientQuery';
  return [
    ...(subject === undefined ? [] : [patient(subject)]),
    ...(event.operation === undefined
      ? []
      : [isQuery ? query(event.operation.hash) : data(event.operation.hash)]),
    {
      what: identified('receipt', receipt),
      type: coding('entityType', '4', 'Other'),
      detail: detailsOf(event),
    },
  ];
}

function patient({ child, released, withheld, policies }: SubjectDecision): AuditEventEntity {
  const detail = [
    ...released.map((coordinate) => detailOf('released', coordinate)),
    ...withheld.map((coordinate) => detailOf('withheld', coordinate)),
    ...policies.map((policy) => detailOf('policy', policy)),
  ];
  return {
    what: { ...identified('child', child), type: 'Patient' },
    type: coding('entityType', '1', 'Person'),
    role: coding('entityRole', '1', 'Patient'),
    ...(detail.length === 0 ? {} : { detail }),
  };
}

function data(hash: string): AuditEventEntity {
  return {
    what: identified('operation', hash),
    type: coding('entityType', '2', 'System Object'),
    role: coding('entityRole', '4', 'Domain Resource'),
  };
}

/** The log keeps no operation's text, which may hold values: what was asked is told by its hash. */
function query(hash: string): AuditEventEntity {
  return {
    type: coding('entityType', '2', 'System Object'),
    role: coding('entityRole', '24', 'Query'),
    query: Buffer.from(`sha256:${hash}`).toString('base64'),
  };
}

function detailsOf(event: AccessEvent): AuditEventEntityDetail[] {
  const {
    kind,
    operation,
    policySet,
    supergraph,
    refusal,
    refusals,
    pruned,
    previous,
    intentIndex,
    searches,
  } = event;
  const details: readonly (readonly [string, string | number | bigint | undefined])[] = [
    ['kind', kind],
    ['outcome', event.outcome],
    ['operation', operation?.name],
    ['policySet', policySet],
    ['supergraph', supergraph],
    ['refusal', refusal?.code],
    ['requirement', refusal?.detail],
    ['intentIndex', intentIndex],
    ['refusals', refusals?.count],
    ['refusalsFrom', refusals?.from],
    ['refusalsTo', refusals?.to],
    ['searchesInVain', searches?.missed],
    ['importSource', event.import?.source],
    ['importRows', event.import?.rows],
    ['prunedLog', pruned?.origin],
    ['prunedLeaves', pruned?.count],
    ['previousLog', previous?.origin],
    ['previousSize', previous?.size],
  ];
  return details.flatMap(([type, value]) => (value === undefined ? [] : [detailOf(type, String(value))]));
}

function detailOf(type: string, valueString: string): AuditEventEntityDetail {
  return { type, valueString };
}
