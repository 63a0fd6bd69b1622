import { principalDigest } from '@contactpoint/access/grant';
import type { PrincipalAnswer, PrincipalRequest } from '@contactpoint/access/principal';
import { batchedRoute } from '@contactpoint/subgraph-kit/granted-requests';
import { loadInOrder, loadOneInOrder } from '@contactpoint/subgraph-kit/loader';
import type { SubgraphDefinition, SubgraphServices } from '@contactpoint/subgraph-kit/subgraph';
import * as v from 'valibot';
import { principalOf } from '../account.ts';
import { findAccounts } from '../account-store.ts';
import { findOpenOverrides, windowOf } from '../overrides/open-override.ts';

type App = Parameters<NonNullable<SubgraphDefinition<unknown>['routes']>>[0];

const Request = v.object({ practitionerId: v.string(), accessGrant: v.string() });

/**
 * `POST /principals`: who the practitioners are, as the gateway asks on each of their requests, and which break-glass
 * windows they have open. Two statements serve the batch. Dates are answered, not verdicts, so that an answer that is a
 * second old still lapses on time.
 */
export function principalsRoute(app: App, services: SubgraphServices): void {
  const { store, clock } = services;
  batchedRoute<PrincipalRequest, PrincipalAnswer>(app, services, {
    path: '/principals',
    audience: 'accreditation',
    operation: 'principals',
    request: Request,
    digestOf: ({ practitionerId }) => principalDigest(practitionerId),
    async answer(granted) {
      const ids = granted.map(({ request }) => request.practitionerId);
      const [accounts, open] = await Promise.all([
        findAccounts(store, ids),
        findOpenOverrides(store, ids, clock()),
      ]);
      const overrides = loadInOrder(ids, open, ({ practitionerId }) => practitionerId);
      return loadOneInOrder(ids, accounts, ({ id }) => id).map((account, index) => {
        const principal = account === null ? null : principalOf(account);
        const windows = overrides[index] ?? [];
        if (principal === null) return 'UNKNOWN';
        if (windows.length === 0) return principal;
        return { ...principal, overrides: windows.map(windowOf) };
      });
    },
  });
}
