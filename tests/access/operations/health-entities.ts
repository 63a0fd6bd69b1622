import type { StraightOperation } from '../straight-requests.ts';

/** What the gateway would ask health for. */
const QUERY = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Child {
  registeredPractice { odsCode } schoolNurse { name phone } immunisations { vaccine }
  missedAppointments { on setting } mentalHealthService { organisation name } } } }`;

/** Entities of these children, in this order. */
export const operationFor = (...ids: string[]): StraightOperation => ({
  query: QUERY,
  variables: { representations: ids.map((id) => ({ __typename: 'Child', id })) },
});

/** A grant of every class that health holds. */
export const EVERYTHING = { LOCATION: 'FULL', INVOLVEMENT: 'FULL', SPECIAL: 'FULL', SEALED: 'FULL' } as const;
