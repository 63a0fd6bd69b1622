import type { Role } from '@contactpoint/access/role';
import type { Question, TestSystem } from '../running-system.ts';

type Filling = Pick<Question, 'variables' | 'purpose'>;

/** A purpose of each role that works with children. */
const PURPOSES: Partial<Record<Role, string>> = {
  'social-worker': 'S47',
  'mash-screener': 'S47',
  'safeguarding-lead': 'ED',
  teacher: 'ED',
  'education-welfare-officer': 'CME',
  'emergency-clinician': 'EC',
  'general-practitioner': 'DC',
  'school-nurse': 'DC',
  'camhs-clinician': 'DC',
  'reviewing-officer': 'REV',
  'police-child-abuse': 'S47',
  'voluntary-worker': 'EH',
  'identity-steward': 'MATCH',
};

const REASON = 'Tried as somebody would who finds it ready';

/** What somebody of the role writes into an operation that is ready, and the purpose that they state. */
export async function filledIn(system: TestSystem, role: Role, name: string): Promise<Filling> {
  const purpose = PURPOSES[role];
  const child = system.scenarios.joined;
  const variables = await (FILLINGS[name] ?? (async () => ({})))(system, role, child);
  return { variables, ...(purpose === undefined ? {} : { purpose }) };
}

const today = () => new Date().toISOString().slice(0, 10);

const FILLINGS: Readonly<
  Record<
    string,
    (system: TestSystem, role: Role, child: string) => Promise<Readonly<Record<string, unknown>>>
  >
> = {
  FindChildren: async (system, role, child) => ({ criteria: await nameOf(system, role, child) }),
  JoinedView: async (_system, _role, id) => ({ id }),
  MyCaseload: async () => ({ after: null }),
  RecordInvolvement: async (_system, _role, childId) => ({
    input: { childId, service: 'Duty desk', from: today() },
  }),
  // The operations of a role are tried in their order: what is ended was recorded before.
  EndInvolvement: async (system, role, childId) => ({
    childId,
    id: await involvementOf(system, role, childId),
    endedOn: today(),
  }),
  ShieldChild: async (_system, _role, id) => ({ id, reason: 'Threats reported this morning' }),
  UnshieldChild: async (_system, _role, id) => ({ id, reason: 'The threat is over' }),
  AccessReview: async () => ({ organisationId: 'LA-975', withinDays: 30 }),
  OneAccount: async () => ({ id: 'p-teacher' }),
  GrantAccess: async () => ({
    input: {
      name: 'Nina Sharp',
      role: 'teacher',
      organisationId: 'SCHOOL-900001',
      vettingCertificate: '001999900999',
      vettingIssuedOn: today(),
      trainingPassedOn: today(),
      agreementSignedOn: today(),
    },
  }),
  SuspendAccess: async () => ({ practitionerId: 'p-dormant', reason: 'Left the organisation' }),
  RestoreAccess: async () => ({ practitionerId: 'p-dormant', reason: 'Has come back to it' }),
  RecordTraining: async () => ({
    practitionerId: 'p-lapsed-training',
    course: 'Refresher course',
    passedOn: today(),
  }),
  RecordVetting: async () => ({
    practitionerId: 'p-lapsed-vetting',
    certificate: '001999900998',
    issuedOn: today(),
  }),
  AccessEvents: async () => ({ filter: { namesChild: true }, after: null }),
  AccessStatement: async (_system, _role, childId) => ({ childId }),
  Alerts: async () => ({ after: null }),
  ReviewOverride: async (system) => ({
    ...(await brokenGlass(system)),
    outcome: 'JUSTIFIED',
    note: 'Confirmed with the ward sister',
  }),
  InclusionProof: async (system) => await coveredEvent(system),
};

async function nameOf(system: TestSystem, role: Role, id: string) {
  const query = 'query ($id: ID!) { child(id: $id) { givenNames familyName dateOfBirth } }';
  const { body } = await system.ask(role, { query, ...purposeOf(role), variables: { id } });
  const { givenNames, familyName, dateOfBirth } = body.data.child;
  return { givenName: givenNames[0], familyName, dateOfBirth };
}

async function involvementOf(system: TestSystem, role: Role, id: string): Promise<string> {
  const query = 'query ($id: ID!) { child(id: $id) { ownInvolvements { id } } }';
  const { body } = await system.ask(role, { query, ...purposeOf(role), variables: { id } });
  return body.data.child.ownInvolvements[0].id;
}

/** A break-glass access that somebody owes a review of. */
async function brokenGlass(system: TestSystem) {
  const { headers } = await system.ask('emergency-clinician', {
    query: 'query ($id: ID!) { child(id: $id) { givenNames } }',
    variables: { id: system.scenarios.sensitive },
    purpose: 'EC',
    reason: 'Unconscious, allergies unknown, no carer here',
    headers: { 'access-override': 'break-glass' },
  });
  return await onceRead(system, headers['access-log']);
}

/** An event that a checkpoint covers. */
async function coveredEvent(system: TestSystem) {
  const { headers } = await system.ask('auditor', { query: '{ me { id } }' });
  return await onceRead(system, headers['access-log']);
}

/** The place of an event, once oversight has it. */
async function onceRead(system: TestSystem, receipt: unknown) {
  const [origin = '', index = ''] = String(receipt).split(' ');
  const query = 'query ($o: String!, $i: String!) { inclusionProof(origin: $o, index: $i) { index } }';
  const deadline = performance.now() + 60_000;
  for (;;) {
    const { body } = await system.ask('auditor', { query, variables: { o: origin, i: index } });
    if (body.data?.inclusionProof != null) return { origin, index };
    if (performance.now() > deadline) throw new Error('no checkpoint covers the event');
    await new Promise((later) => setTimeout(later, 100));
  }
}

function purposeOf(role: Role): Pick<Question, 'purpose' | 'reason'> {
  const purpose = PURPOSES[role];
  return purpose === undefined ? {} : { purpose, reason: REASON };
}
