import type { Store } from '@contactpoint/subgraph-kit/store';
import { expect } from 'vitest';
import type { Answer, TestSystem } from '../running-system.ts';

const ALERTS = /* GraphQL */ `
  query Alerts {
    alerts(first: 200) {
      alerts { rule at practitionerId organisationId note events { origin index practitionerId } }
    }
  }
`;

export interface ReadAlert {
  readonly rule: string;
  readonly at: string;
  readonly practitionerId: string | null;
  readonly organisationId: string | null;
  readonly note: string | null;
  readonly events: readonly { readonly origin: string; readonly index: string }[];
}

export const askForAlerts = (system: TestSystem): Promise<Answer> => system.ask('auditor', { query: ALERTS });

/** Alerts as persona `auditor` reads them. */
export async function readAlerts(system: TestSystem): Promise<readonly ReadAlert[]> {
  const { body } = await askForAlerts(system);
  expect(body.errors).toBeUndefined();
  return body.data.alerts.alerts;
}

/** The same once the agencies have compared everything. @param oversight Its database. */
export async function readSettledAlerts(system: TestSystem, oversight: Store): Promise<readonly ReadAlert[]> {
  const owed = async () => {
    await readAlerts(system);
    const [row] = await oversight<{ n: number }[]>`
      select count(*)::int as n from child_reading where looked_at is null or look_again_at <= now()`;
    return row?.n;
  };
  await expect.poll(owed, { timeout: 60_000, interval: 500 }).toBe(0);
  return await readAlerts(system);
}
