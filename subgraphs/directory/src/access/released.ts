import { type Decision, judge } from '@contactpoint/access/decision';
import type { Sensitivity } from '@contactpoint/access/sensitivity';
import { readSubgraphClassification } from '@contactpoint/access/subgraph-classification';
import { readContract } from '@contactpoint/contract/sdl';

const classification = readSubgraphClassification(readContract('directory'));

/** Whether the directory's own decision releases a field, whatever the access grant says. */
export function isReleased(decision: Decision, coordinate: string): boolean {
  const sensitivity = classification.get(coordinate);
  return sensitivity !== undefined && judge(decision, 'DIRECTORY', sensitivity).released;
}

/** Whether it is withheld so that nobody may notice. */
export function isSilent(decision: Decision, sensitivity: Sensitivity): boolean {
  const verdict = judge(decision, 'DIRECTORY', sensitivity);
  return !verdict.released && verdict.reason === undefined;
}

/** The same object with null in every field that the decision does not release. */
export function onlyReleased<T extends object>(decision: Decision, type: string, object: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(object).map(([field, value]) => [
      field,
      isReleased(decision, `${type}.${field}`) ? value : null,
    ]),
  ) as Partial<T>;
}
