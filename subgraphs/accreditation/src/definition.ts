import { readContract } from '@contactpoint/contract/sdl';
import type { SubgraphDefinition } from '@contactpoint/subgraph-kit/subgraph';
import { accessReview } from './access-review.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import { grantAccess } from './mutations/grant-access.ts';
import { recordTraining } from './mutations/record-training.ts';
import { recordVetting } from './mutations/record-vetting.ts';
import { restoreAccess } from './mutations/restore-access.ts';
import { setOrganisationStage } from './mutations/set-organisation-stage.ts';
import { suspendAccess } from './mutations/suspend-access.ts';
import { organisationResolvers } from './organisation.ts';
import { organisationPageResolvers, organisations } from './organisations.ts';
import { type Context, me, practitionerResolvers } from './practitioner.ts';
import { comparisonsRoute } from './routes/comparisons.ts';
import { overridesRoutes } from './routes/overrides.ts';
import { principalsRoute } from './routes/principals.ts';
import { usedRoute } from './routes/used.ts';

/** Accreditation: who may use the system at all. Of children it holds the numbers in break-glass windows, and nothing else. */
export const accreditationSubgraph: SubgraphDefinition<Loaders> = {
  name: 'accreditation',
  pushesChanges: true,
  typeDefs: readContract('accreditation'),
  resolvers: {
    Query: {
      me,
      practitioner: (_source, { id }: { readonly id: string }, { loaders }: Context) =>
        loaders.accountById.load(id),
      organisation: (_source, { id }: { readonly id: string }, { loaders }: Context) =>
        loaders.organisationById.load(id),
      organisations,
      accessReview,
    },
    Mutation: {
      grantAccess,
      restoreAccess,
      suspendAccess,
      recordTraining,
      recordVetting,
      setOrganisationStage,
    },
    Practitioner: practitionerResolvers,
    Organisation: organisationResolvers,
    OrganisationConnection: organisationPageResolvers,
  },
  migrations: new URL('../migrations/', import.meta.url),
  plansOnce: true,
  createLoaders,
  routes(app, services) {
    principalsRoute(app, services);
    usedRoute(app, services);
    overridesRoutes(app, services);
    comparisonsRoute(app, services);
  },
};
