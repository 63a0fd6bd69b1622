import { orNull } from '@contactpoint/subgraph-kit/loader';
import type { Resolvers } from '@contactpoint/subgraph-kit/subgraph';
import type { ContactRow, SealedContactRow } from './find.ts';
import type { Loaders } from './loaders.ts';

interface ChildReference {
  readonly id: string;
}

interface PracticeReference {
  readonly odsCode: string;
}

export const resolvers: Resolvers<Loaders> = {
  Query: {
    practice: (_source, { odsCode }: PracticeReference, { loaders }) =>
      loaders.practiceByOdsCode.load(odsCode),
  },
  Practice: {
    __resolveReference: ({ odsCode }: PracticeReference, { loaders }) =>
      loaders.practiceByOdsCode.load(odsCode),
  },
  Child: {
    // Health holds no name or address: it only hangs its own fields on the shared entity.
    __resolveReference: (representation: ChildReference) => representation,
    registeredPractice: async ({ id }: ChildReference, _args, { loaders }) => {
      const patient = await loaders.patientByChildId.load(id);
      return patient?.odsCode ? await loaders.practiceByOdsCode.load(patient.odsCode) : null;
    },
    healthVisitor: contact('HEALTH_VISITOR'),
    schoolNurse: contact('SCHOOL_NURSE'),
    immunisations: async ({ id }: ChildReference, _args, { loaders }) =>
      orNull(await loaders.immunisationsByChildId.load(id)),
    missedAppointments: async ({ id }: ChildReference, _args, { loaders }) =>
      orNull(await loaders.missedAppointmentsByChildId.load(id)),
    emergencyAttendances: async ({ id }: ChildReference, _args, { loaders }) =>
      orNull(await loaders.emergencyAttendancesByChildId.load(id)),
    allergies: async ({ id }: ChildReference, _args, { loaders }) =>
      orNull((await loaders.patientByChildId.load(id))?.allergies ?? []),
    conditions: async ({ id }: ChildReference, _args, { loaders }) =>
      orNull(await loaders.conditionsByChildId.load(id)),
    sdqScore: async ({ id }: ChildReference, _args, { loaders }) =>
      (await loaders.patientByChildId.load(id))?.sdqScore,
    initialHealthAssessmentDue: async ({ id }: ChildReference, _args, { loaders }) =>
      (await loaders.patientByChildId.load(id))?.initialHealthAssessmentDue,
    mentalHealthService: sealedContact('MENTAL_HEALTH'),
    sexualHealthService: sealedContact('SEXUAL_HEALTH'),
    substanceMisuseService: sealedContact('SUBSTANCE_MISUSE'),
  },
};

type LoadersContext = { readonly loaders: Loaders };

function contact(service: ContactRow['service']) {
  return async ({ id }: ChildReference, _args: object, { loaders }: LoadersContext) =>
    (await loaders.contactsByChildId.load(id)).find((each) => each.service === service);
}

function sealedContact(service: SealedContactRow['service']) {
  return async ({ id }: ChildReference, _args: object, { loaders }: LoadersContext) =>
    (await loaders.sealedContactsByChildId.load(id)).find((each) => each.service === service);
}
