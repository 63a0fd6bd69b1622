import { MY_ACCOUNT } from './account.ts';
import {
  ACCESS_REVIEW,
  GRANT,
  ONE_ACCOUNT,
  RECORD_TRAINING,
  RECORD_VETTING,
  RESTORE,
  SUSPEND,
} from './accreditation.ts';
import { ALERTS, CHECKPOINTS, EVENTS, PROOF, REVIEW_OVERRIDE, STATEMENT } from './audit.ts';
import { joinedView } from './joined-view.ts';
import { CASELOAD, END_INVOLVEMENT, RECORD_INVOLVEMENT, SEARCH, SHIELD, UNSHIELD } from './practitioner.ts';
import type { ReadyOperation } from './ready-operation.ts';

/** Of roles whose work is with scopes. Publishers have nothing of their own until there is a registry. */
const OF_SCOPES: Readonly<Record<string, readonly ReadyOperation[]>> = {
  auditor: [EVENTS, STATEMENT, ALERTS, REVIEW_OVERRIDE, CHECKPOINTS, PROOF],
  'accreditation-officer': [
    ACCESS_REVIEW,
    ONE_ACCOUNT,
    GRANT,
    SUSPEND,
    RESTORE,
    RECORD_TRAINING,
    RECORD_VETTING,
  ],
  administrator: [ACCESS_REVIEW, ONE_ACCOUNT],
};

const WITHOUT_SEARCH: ReadonlySet<string> = new Set([
  'teacher',
  'camhs-clinician',
  'reviewing-officer',
  'voluntary-worker',
]);

const SHIELDING: ReadonlySet<string> = new Set(['social-worker', 'identity-steward']);

/** What is ready for a role, in the order of its work; for any other, its own account. */
export function readyOperations(role: string): readonly ReadyOperation[] {
  const view = joinedView(role);
  if (view === undefined) return [...(OF_SCOPES[role] ?? []), MY_ACCOUNT];
  return [
    ...(WITHOUT_SEARCH.has(role) ? [] : [SEARCH]),
    view,
    CASELOAD,
    RECORD_INVOLVEMENT,
    END_INVOLVEMENT,
    ...(SHIELDING.has(role) ? [SHIELD, UNSHIELD] : []),
    MY_ACCOUNT,
  ];
}
