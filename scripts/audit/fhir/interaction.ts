import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import type { AuditEvent, Coding } from '@medplum/fhirtypes';
import { coding } from './codings.ts';

/** IHE Basic Audit Log Patterns that are claimed. @see https://profiles.ihe.net/ITI/BALP */
export type BalpProfile = 'PatientRead' | 'PatientQuery' | 'Query' | 'PatientUpdate' | 'Update';

/** What an event was, in FHIR's terms. */
export interface Interaction {
  /** Undefined where none fits: the patterns are of successful operations alone, and name the operation. */
  readonly profile?: BalpProfile;
  readonly type: Coding;
  readonly subtype?: Coding;
  readonly action: NonNullable<AuditEvent['action']>;
  /** Absent where it was not known when the event was kept. */
  readonly outcome?: NonNullable<AuditEvent['outcome']>;
}

/** http://terminology.hl7.org/CodeSystem/audit-event-outcome */
const SUCCESS = '0';
const MINOR_FAILURE = '4';

const REST = coding('type', 'rest', 'Restful Operation');
const READ = coding('interaction', 'read', 'read');
const SEARCH = coding('interaction', 'search-system', 'search-system');
const UPDATE = coding('interaction', 'update', 'update');

/** An answer that was copied or printed: what was on record stays as it is, and leaves the system. */
const EXPORT: Interaction = { type: coding('dicom', '110106', 'Export'), action: 'R' };

/** Whether one child's record, several children's or none was reached, and whether anything of it was released. */
export interface Reach {
  readonly children: number;
  /** Of the child that this is about, or of the event where it is about none. */
  readonly released: boolean;
}

export function interactionOf(event: AccessEvent, reach: Reach): Interaction {
  switch (event.kind) {
    case 'access':
      return readOf(event, reach);
    case 'intent':
      if (event.usedAnswer !== undefined) return EXPORT;
      return event.import === undefined
        ? { type: REST, subtype: UPDATE, action: 'U' }
        : { type: coding('dicom', '110107', 'Import'), action: 'C' };
    case 'outcome':
      if (event.usedAnswer !== undefined) return { ...EXPORT, outcome: outcomeOf(event) };
      return changeOf(event, reach);
    case 'import':
      return { type: coding('dicom', '110107', 'Import'), action: 'C', outcome: outcomeOf(event) };
    case 'refusal-count':
      return { type: coding('dicom', '110113', 'Security Alert'), action: 'E', outcome: MINOR_FAILURE };
    case 'boot':
      return {
        type: coding('dicom', '110100', 'Application Activity'),
        subtype: coding('dicom', '110120', 'Application Start'),
        action: 'E',
        outcome: SUCCESS,
      };
    case 'prune':
      return {
        type: coding('dicom', '110101', 'Audit Log Used'),
        subtype: coding('lifecycle', 'destroy', 'Destroy/Delete Record Lifecycle Event'),
        action: 'D',
        outcome: SUCCESS,
      };
  }
}

/** Several children at once were found by a search or a list; of one, the record was opened. */
function readOf(event: AccessEvent, { children, released }: Reach): Interaction {
  const isRead = children === 1;
  const interaction = { type: REST, subtype: isRead ? READ : SEARCH, action: isRead ? 'R' : 'E' } as const;
  if (event.outcome === 'REFUSED' || !released) return { ...interaction, outcome: MINOR_FAILURE };
  if (event.operation === undefined) return { ...interaction, outcome: SUCCESS };
  const profile = isRead ? 'PatientRead' : children > 1 ? 'PatientQuery' : 'Query';
  return { ...interaction, profile, outcome: SUCCESS };
}

/** The log does not say whether a mutation created, changed or ended something: all of it changes what is on record. */
function changeOf(event: AccessEvent, { children, released }: Reach): Interaction {
  const interaction = { type: REST, subtype: UPDATE, action: 'U' } as const;
  if (event.outcome === 'REFUSED' || !released) return { ...interaction, outcome: MINOR_FAILURE };
  if (event.operation === undefined) return { ...interaction, outcome: SUCCESS };
  return { ...interaction, profile: children > 0 ? 'PatientUpdate' : 'Update', outcome: SUCCESS };
}

function outcomeOf({ outcome }: AccessEvent): '0' | '4' {
  return outcome === 'REFUSED' ? MINOR_FAILURE : SUCCESS;
}
