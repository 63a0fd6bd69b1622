import { orNull } from '@contactpoint/subgraph-kit/loader';
import type { Resolvers } from '@contactpoint/subgraph-kit/subgraph';
import type { Loaders } from './loaders.ts';
import { isPersistentlyAbsent } from './persistent-absence.ts';
import type { AttendanceRecord, EnrolmentRecord } from './record.ts';

interface ChildReference {
  readonly id: string;
}

interface SchoolReference {
  readonly urn: string;
}

export const resolvers: Resolvers<Loaders> = {
  Query: {
    school: (_source, { urn }: SchoolReference, { loaders }) => loaders.schoolByUrn.load(urn),
  },
  School: {
    __resolveReference: ({ urn }: SchoolReference, { loaders }) => loaders.schoolByUrn.load(urn),
  },
  Child: {
    // Education holds no name or address: it only hangs its own fields on the shared entity.
    __resolveReference: (representation: ChildReference) => representation,
    enrolments: async ({ id }: ChildReference, _args, { loaders }) =>
      orNull(await loaders.enrolmentsByChildId.load(id)),
    attendance: async (
      { id }: ChildReference,
      { academicYear }: { academicYear?: number | null },
      { loaders },
    ) => {
      const years = await loaders.attendanceByChildId.load(id);
      return orNull(
        academicYear == null ? years : years.filter((year) => year.academicYear === academicYear),
      );
    },
    suspensions: async ({ id }: ChildReference, _args, { loaders }) =>
      orNull(await loaders.suspensionsByChildId.load(id)),
    senProvision: async ({ id }: ChildReference, _args, { loaders }) =>
      (await loaders.pupilByChildId.load(id))?.senProvision,
    senNeeds: async ({ id }: ChildReference, _args, { loaders }) =>
      orNull((await loaders.pupilByChildId.load(id))?.senNeeds ?? []),
    ehcPlan: ({ id }: ChildReference, _args, { loaders }) => loaders.ehcPlanByChildId.load(id),
    electiveHomeEducation: async ({ id }: ChildReference, _args, { loaders }) =>
      (await loaders.pupilByChildId.load(id))?.electiveHomeEducation,
    missingEducation: async ({ id }: ChildReference, _args, { loaders }) =>
      (await loaders.pupilByChildId.load(id))?.missingEducation,
    pupilPremium: async ({ id }: ChildReference, _args, { loaders }) =>
      (await loaders.pupilByChildId.load(id))?.pupilPremium,
    designatedSafeguardingLead: ({ id }: ChildReference, _args, { loaders }) =>
      loaders.designatedSafeguardingLeadByChildId.load(id),
  },
  Enrolment: {
    school: ({ urn }: EnrolmentRecord, _args, { loaders }) => loaders.schoolByUrn.load(urn),
  },
  Attendance: {
    persistentlyAbsent: (year: AttendanceRecord) => isPersistentlyAbsent(year),
  },
};
