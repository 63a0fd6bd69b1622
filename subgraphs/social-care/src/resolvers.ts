import { orNull } from '@contactpoint/subgraph-kit/loader';
import type { Resolvers } from '@contactpoint/subgraph-kit/subgraph';
import { careStatus, isOpen } from './care-status.ts';
import { enquiriesOf } from './enquiries.ts';
import type { CareChild, Loaders } from './loaders.ts';
import { placementsOf } from './placements.ts';
import type { Contact, Referral } from './record.ts';

/** Fields of the contract, each out of the rows it needs and no others. */
export const resolvers: Resolvers<Loaders> = {
  Child: {
    // Social care holds no name or address: it only hangs its own record on the shared entity.
    __resolveReference: (representation) => representation,
    socialCare: ({ id }: { id: string }, _args, { loaders }) => loaders.careChild.load(id),
  },

  SocialCare: {
    status: async ({ childId, supportStatus }: CareChild, _args, { loaders, clock }) => {
      const [careEpisodes, childProtectionPlans, referrals] = await Promise.all([
        loaders.careEpisodes.load(childId),
        loaders.childProtectionPlans.load(childId),
        loaders.referrals.load(childId),
      ]);
      return careStatus({ supportStatus, careEpisodes, childProtectionPlans, referrals }, londonDay(clock()));
    },
    allocatedWorker: (child: CareChild): Contact | null =>
      child.workerName === null
        ? null
        : {
            name: child.workerName,
            role: child.workerRole,
            organisation: child.workerOrganisation,
            phone: child.workerPhone,
            email: child.workerEmail,
          },
    referrals: async ({ childId }: CareChild, _args, { loaders }) =>
      orNull((await loaders.referrals.load(childId)).map(shownReferral)),
    primaryNeed: async ({ childId }: CareChild, _args, { loaders }) => {
      const [referrals, episodes] = await Promise.all([
        loaders.referrals.load(childId),
        loaders.careEpisodes.load(childId),
      ]);
      return latestNeed([
        ...referrals.map(({ receivedOn, primaryNeed }) => ({ on: receivedOn, primaryNeed })),
        ...episodes.map(({ startedOn, primaryNeed }) => ({ on: startedOn, primaryNeed })),
      ]);
    },
    assessmentFactors: async ({ childId }: CareChild, _args, { loaders }) =>
      orNull((await loaders.assessments.load(childId)).at(-1)?.factors ?? []),
    section47Enquiries: async ({ childId }: CareChild, _args, { loaders }) => {
      const [enquiries, referrals] = await Promise.all([
        loaders.section47Enquiries.load(childId),
        loaders.referrals.load(childId),
      ]);
      return orNull(enquiriesOf(enquiries, referrals));
    },
    childProtectionPlans: async ({ childId }: CareChild, _args, { loaders }) =>
      orNull(await loaders.childProtectionPlans.load(childId)),
    legalStatus: async ({ childId }: CareChild, _args, { loaders, clock }) => {
      const today = londonDay(clock());
      const open = (await loaders.careEpisodes.load(childId)).filter((episode) => isOpen(episode, today));
      return open.at(-1)?.legalStatus ?? null;
    },
    placements: async ({ childId }: CareChild, _args, { loaders }) =>
      orNull(placementsOf(await loaders.careEpisodes.load(childId))),
    missingEpisodes: async ({ childId }: CareChild, _args, { loaders }) =>
      orNull(
        (await loaders.missingEpisodes.load(childId)).map(
          ({ startedOn, endedOn, returnInterviewOffered }) => ({
            from: startedOn,
            to: endedOn,
            returnInterviewOffered,
          }),
        ),
      ),
    reviews: async ({ childId }: CareChild, _args, { loaders }) =>
      orNull(
        (await loaders.reviews.load(childId)).map(({ heldOn, participation }) => ({
          on: heldOn,
          participation,
        })),
      ),
    disabilities: ({ disabilities }: CareChild) => orNull(disabilities),
  },
};

/** Not a code of the census, which has only a flag: the referral led to nothing. */
const NO_FURTHER_ACTION = 'NFA';

function shownReferral({ receivedOn, source, closureReason, noFurtherAction }: Referral) {
  return { receivedOn, source, outcome: closureReason ?? (noFurtherAction ? NO_FURTHER_ACTION : null) };
}

/** The need recorded last: a child's need changes, and what an old referral said of it is history. */
function latestNeed(
  needs: readonly { readonly on: string; readonly primaryNeed: string | null }[],
): string | null {
  let last: { readonly on: string; readonly primaryNeed: string | null } | undefined;
  for (const need of needs) {
    if (need.primaryNeed !== null && (last === undefined || need.on >= last.on)) last = need;
  }
  return last?.primaryNeed ?? null;
}

const LONDON_DAY = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London', dateStyle: 'short' });

/** Calendar date in London, `YYYY-MM-DD`, which is how Canada writes dates. */
function londonDay(at: Date): string {
  return LONDON_DAY.format(at);
}
