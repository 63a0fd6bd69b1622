import { attainable, type Decide } from '@contactpoint/access/decide';
import type { Decision } from '@contactpoint/access/decision';
import { lesser } from '@contactpoint/access/lesser-decision';
import { PURPOSES, type PurposeOfUse } from '@contactpoint/access/purpose';
import type { Sector } from '@contactpoint/access/sector';
import type { LoadedSupergraph } from '../supergraph.ts';
import { refusedCoordinates } from './authorize-coordinates.ts';
import { type ReachableFields, reachableFields } from './reachable-fields.ts';
import type { Readers } from './readers.ts';

/** What some purpose could open to the readers, with break-glass where that opens anything. */
export function attainableFields(
  supergraph: LoadedSupergraph,
  decide: Decide,
  readers: Readers,
): ReachableFields {
  const refused = refusedCoordinates(supergraph, readers);
  const all = new Map<string, Set<Sector>>();
  for (const best of [undefined, ...bestDecisions(decide, readers)]) {
    for (const [coordinate, sectors] of reachableFields(supergraph, readers, refused, best))
      all.set(coordinate, (all.get(coordinate) ?? new Set<Sector>()).union(sectors));
  }
  return all;
}

const ALL_PURPOSES = Object.keys(PURPOSES) as PurposeOfUse[];

function bestDecisions(decide: Decide, { principal, mediator }: Readers): Decision[] {
  const best = (purpose: PurposeOfUse, override: boolean): Decision[] => {
    const own = attainable(decide, principal, purpose, override);
    const both = mediator === undefined ? own : lesser(own, attainable(decide, mediator, purpose, override));
    // Outside the row of the role a purpose opens nothing; to ask for each cell would take a while.
    return both.of('DIRECTORY', 'IDENTITY').level === 'NONE' ? [] : [both];
  };
  // No break-glass for others.
  const overrides = mediator === undefined ? [false, true] : [false];
  return ALL_PURPOSES.flatMap((purpose) => overrides.flatMap((override) => best(purpose, override)));
}
