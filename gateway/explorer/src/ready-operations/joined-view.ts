import type { ReadyOperation } from './ready-operation.ts';

/** Fields of `Child` that belong together, for roles that may read them under some purpose. */
const PARTS = {
  who: ['givenNames', 'familyName', 'dateOfBirth', 'sex', 'parentsAndCarers {\n  name\n}'],
  numbers: ['nhsNumber', 'upn'],
  where: ['localAuthority', 'addresses {\n  line1\n  town\n  postcode\n  from\n  to\n}'],
  whichTown: ['localAuthority', 'addresses {\n  town\n}'],
  whoElse: [
    'involvements {\n  sector\n  service\n  practitionerName\n  phone\n  from\n  brokered\n}',
    'leadProfessional {\n  practitionerName\n  phone\n}',
  ],
  atWhichSchool: ['enrolments {\n  school {\n    name\n  }\n  yearGroup\n  from\n  to\n}'],
  atSchool: [
    'attendance {\n  academicYear\n  sessionsPossible\n  sessionsAttended\n  persistentlyAbsent\n}',
    'suspensions {\n  from\n  sessions\n  reason\n}',
    'senProvision',
    'missingEducation',
  ],
  atSchoolInShort: [
    'attendance {\n  academicYear\n  persistentlyAbsent\n}',
    'senProvision',
    'missingEducation',
  ],
  atWhichPractice: ['registeredPractice {\n  name\n  town\n}'],
  health: [
    'allergies',
    'conditions {\n  name\n  diagnosedOn\n}',
    'immunisations {\n  vaccine\n  status\n  givenOn\n}',
    'missedAppointments {\n  on\n}',
    'emergencyAttendances {\n  on\n  reason\n}',
  ],
  healthInShort: [
    'missedAppointments {\n  on\n}',
    'emergencyAttendances {\n  on\n}',
    'initialHealthAssessmentDue',
  ],
  care: [
    'socialCare {\n  status\n  team\n  primaryNeed\n  allocatedWorker {\n    name\n    phone\n  }\n  referrals {\n    receivedOn\n    source\n    outcome\n  }\n  section47Enquiries {\n    startedOn\n    outcome\n  }\n  childProtectionPlans {\n    startedOn\n    endedOn\n    latestCategory\n  }\n}',
  ],
  careBeforePlans: [
    'socialCare {\n  status\n  team\n  primaryNeed\n  allocatedWorker {\n    name\n    phone\n  }\n  referrals {\n    receivedOn\n    source\n    outcome\n  }\n}',
  ],
  careAndNeed: ['socialCare {\n  status\n  primaryNeed\n  allocatedWorker {\n    name\n    phone\n  }\n}'],
  careAndWorker: ['socialCare {\n  status\n  allocatedWorker {\n    name\n    phone\n  }\n}'],
  careStatus: ['socialCare {\n  status\n}'],
} as const;

type Part = keyof typeof PARTS;

/** What of a child each role works with. A field that the policy gives it under no purpose is in none of its parts. */
const VIEWS: Readonly<Record<string, readonly Part[]>> = {
  'social-worker': ['who', 'where', 'whoElse', 'atWhichSchool', 'atSchool', 'healthInShort', 'care'],
  'mash-screener': ['who', 'where', 'whoElse', 'atWhichSchool', 'careBeforePlans'],
  'safeguarding-lead': ['who', 'where', 'whoElse', 'atWhichSchool', 'atSchool', 'careAndWorker'],
  teacher: ['who', 'whichTown', 'atSchoolInShort'],
  'education-welfare-officer': ['who', 'where', 'atWhichSchool', 'atSchool'],
  'emergency-clinician': ['who', 'whichTown', 'whoElse', 'health', 'careAndWorker'],
  'general-practitioner': ['who', 'where', 'whoElse', 'atWhichPractice', 'health', 'careAndWorker'],
  'school-nurse': ['who', 'where', 'whoElse', 'atWhichPractice', 'health', 'careAndWorker'],
  'camhs-clinician': ['who', 'whichTown', 'health', 'careStatus'],
  'reviewing-officer': [
    'who',
    'where',
    'whoElse',
    'atWhichSchool',
    'atSchoolInShort',
    'healthInShort',
    'care',
  ],
  'police-child-abuse': ['who', 'where', 'whoElse', 'atWhichSchool', 'careAndNeed'],
  'voluntary-worker': ['who', 'whichTown', 'whoElse'],
  'identity-steward': ['who', 'numbers', 'where', 'atWhichSchool', 'atWhichPractice'],
};

/** One child as far as the role may see it; undefined for a role that works with no child's record. */
export function joinedView(role: string): ReadyOperation | undefined {
  const parts = VIEWS[role];
  if (parts === undefined) return undefined;
  const fields = parts.flatMap((part) => PARTS[part]).join('\n');
  return {
    sentence:
      'One child, from all agencies together; what may not be known is null, and says why where it may.',
    query: `query JoinedView($id: ID!) {\n  child(id: $id) {\n    id\n${indent(fields, 4)}\n  }\n}\n`,
    variables: { id: '' },
  };
}

function indent(text: string, by: number): string {
  return text.replaceAll(/^/gm, ' '.repeat(by));
}
