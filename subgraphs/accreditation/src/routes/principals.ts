import { principalDigest } from '@contactpoint/access/grant';
import type { Principal, PrincipalRequest } from '@contactpoint/access/principal';
import { batchedRoute } from '@contactpoint/subgraph-kit/granted-requests';
import { loadOneInOrder } from '@contactpoint/subgraph-kit/loader';
import type { SubgraphDefinition, SubgraphServices } from '@contactpoint/subgraph-kit/subgraph';
import * as v from 'valibot';
import { principalOf } from '../account.ts';
import { findAccounts } from '../account-store.ts';

type App = Parameters<NonNullable<SubgraphDefinition<unknown>['routes']>>[0];

const Request = v.object({ practitionerId: v.string(), accessGrant: v.string() });

/**
 * `POST /principals`: who the practitioners are, as the gateway asks on each of their requests. One statement serves the
 * batch. Dates are answered, not verdicts, so that an answer that is a second old still lapses on time.
 */
export function principalsRoute(app: App, services: SubgraphServices): void {
  batchedRoute<PrincipalRequest, Principal | null>(app, services, {
    path: '/principals',
    audience: 'accreditation',
    operation: 'principals',
    request: Request,
    digestOf: ({ practitionerId }) => principalDigest(practitionerId),
    async answer(granted) {
      const ids = granted.map(({ request }) => request.practitionerId);
      const accounts = loadOneInOrder(ids, await findAccounts(services.store, ids), ({ id }) => id);
      return accounts.map((account) => (account === null ? null : principalOf(account)));
    },
  });
}
