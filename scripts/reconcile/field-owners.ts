import { coordinatesOf } from '@contactpoint/composition/coordinates';
import { CONTRACT_SUBGRAPHS, readContract } from '@contactpoint/contract/sdl';

/** The one subgraph that holds a field, by schema coordinate; a field that several hold has none. */
export type FieldOwners = ReadonlyMap<string, string>;

/** Of the built-in subgraphs. Whose fields another agency's are, nobody here knows. */
export function contractOwners(): FieldOwners {
  const owners = new Map<string, string | undefined>();
  for (const subgraph of CONTRACT_SUBGRAPHS) {
    for (const coordinate of coordinatesOf(readContract(subgraph))) {
      owners.set(coordinate, owners.has(coordinate) ? undefined : subgraph);
    }
  }
  return new Map(
    [...owners].flatMap(([coordinate, owner]) => (owner === undefined ? [] : [[coordinate, owner]])),
  );
}
