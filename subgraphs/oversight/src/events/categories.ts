import type { Classification } from '@contactpoint/access/classification';
import { SENSITIVITY_CLASSES } from '@contactpoint/access/sensitivity';
import { readSubgraphClassification } from '@contactpoint/access/subgraph-classification';
import { CONTRACT_SUBGRAPHS, readContract } from '@contactpoint/contract/sdl';

/** What the contract does not name: another agency's field, or one that it had at the time. */
const UNCLASSIFIED = 'UNCLASSIFIED';

const ORDER: readonly string[] = [...SENSITIVITY_CLASSES, UNCLASSIFIED];

/**
 * Sensitivity classes of schema coordinates, each once, in the order of the contract: what kinds of the record an access
 * was given, for a person who cannot read coordinates.
 */
export function categoriesOf(coordinates: readonly string[]): readonly string[] {
  const classes = new Set(coordinates.map(classOf));
  return [...classes].sort((one, other) => ORDER.indexOf(one) - ORDER.indexOf(other));
}

/** Sensitivity class of one schema coordinate. */
export function classOf(coordinate: string): string {
  return classification().get(coordinate)?.class ?? UNCLASSIFIED;
}

let known: Classification | undefined;

/** Read once: the contract does not change while a process runs. A field of several subgraphs has one class in all of them. */
function classification(): Classification {
  known ??= new Map(
    CONTRACT_SUBGRAPHS.flatMap((name) => [...readSubgraphClassification(readContract(name))]),
  );
  return known;
}
