import type { AccessEvent } from '@contactpoint/audit-log/access-event';

/** 16 bytes that no export may ever show. */
export const NONCE = '00112233445566778899aabbccddeeff';

/** What people wrote, which no export shows either. */
export const REASON = 'Asked by the mother of Jo Example';

const event: AccessEvent = {
  version: 1,
  kind: 'access',
  nonce: NONCE,
  at: '2026-11-22T10:15:00.000Z',
  instance: 'gateway-1',
  practitioner: 'p-social-worker',
  role: 'social-worker',
  organisation: 'LA-975',
  purpose: 'S47',
  reason: REASON,
  override: false,
  client: 'case-work',
  operation: { name: 'ChildView', hash: 'ab'.repeat(32) },
  variables: { kid: '1', digest: 'cd'.repeat(32) },
  policySet: 'ef'.repeat(32),
  supergraph: '01'.repeat(32),
  outcome: 'RELEASED',
  jtis: ['grant-1'],
  subjects: [],
};

const child = {
  child: 'VSAQ88A5CC9X2HZ4',
  released: ['Child.familyName'],
  withheld: ['Child.conditions'],
  policies: ['p-1'],
};
const other = { child: 'VSAQ88A5CC9X2HZ5', released: ['Child.familyName'], withheld: [], policies: ['p-1'] };
const hidden = { child: 'VSAQ88A5CC9X2HZ6', released: [], withheld: ['Child.familyName'], policies: [] };
const {
  practitioner: _p,
  role: _r,
  organisation: _o,
  purpose: _u,
  reason: _w,
  client: _c,
  operation: _n,
  variables: _v,
  ...bare
} = event;

/** One event of each sort that there is. */
export const SAMPLE_EVENTS = {
  'a child opened': { ...event, subjects: [child] },
  'a child opened for care': { ...event, purpose: 'DC', subjects: [child] },
  'children listed': { ...event, subjects: [child, other] },
  'children listed, one of them hidden': { ...event, outcome: 'PARTIAL', subjects: [child, hidden] },
  'nobody found': { ...event, searches: { asked: 1, missed: 1 } },
  'glass broken': { ...event, override: true, overrideWindows: ['w'], subjects: [child] },
  'read for a colleague': { ...event, mediator: 'p-manager', subjects: [child] },
  'with a purpose that there is not': {
    ...event,
    purpose: 'CURIOSITY',
    outcome: 'REFUSED',
    refusal: { code: 'PURPOSE_OF_USE_REQUIRED' },
  },
  'refused for a child': {
    ...event,
    outcome: 'REFUSED',
    refusal: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', detail: 'RELATIONSHIP' },
    subjects: [hidden],
  },
  'refused as a whole': {
    ...event,
    outcome: 'REFUSED',
    refusal: { code: 'ACCREDITATION_LAPSED', detail: 'TRAINING' },
  },
  'a change begun': { ...event, kind: 'intent', subjects: [child] },
  'a change done': { ...event, kind: 'outcome', intentIndex: 7n, subjects: [child] },
  'a change done to one child and withheld of another': {
    ...event,
    kind: 'outcome',
    intentIndex: 7n,
    outcome: 'PARTIAL',
    subjects: [child, hidden],
  },
  'a change done to nobody': { ...event, kind: 'outcome', intentIndex: 7n },
  'an answer printed': {
    ...event,
    kind: 'outcome',
    intentIndex: 7n,
    usedAnswer: { origin: 'sample.local/gateway-1/20261122T101600Z-4f2b', index: '3', use: 'PRINTED' },
    subjects: [child],
  },
  'a change refused': {
    ...event,
    kind: 'outcome',
    intentIndex: 7n,
    outcome: 'REFUSED',
    refusal: { code: 'FAILED' },
  },
  'strangers refused': {
    ...bare,
    kind: 'refusal-count',
    outcome: 'REFUSED',
    refusals: {
      source: '192.0.2.1',
      count: 17,
      from: '2026-11-22T10:14:00.000Z',
      to: '2026-11-22T10:14:59.000Z',
    },
  },
  'an import': {
    ...bare,
    kind: 'import',
    intentIndex: 1n,
    import: { source: 'cin', digest: 'ab', rows: 3, accepted: 2, updated: 0, unchanged: 1, quarantined: 0 },
    subjects: [{ ...child, released: [], withheld: [], policies: [] }],
  },
  'a boot': {
    ...bare,
    kind: 'boot',
    previous: { origin: 'sample.local/gateway-1/20261122T101500Z-4f2a', size: '7', rootHash: 'ab' },
  },
  'a first boot': { ...bare, kind: 'boot' },
  'a pruning': {
    ...bare,
    kind: 'prune',
    pruned: {
      origin: 'sample.local/gateway-1/20261122T101500Z-4f2a',
      count: 3,
      before: '2010-11-22T00:00:00.000Z',
    },
  },
} as const satisfies Record<string, AccessEvent>;
