import type { Decision } from '@contactpoint/access/decision';
import { lesser } from '@contactpoint/access/lesser-decision';
import type { Principal } from '@contactpoint/access/principal';
import type { PreparedOperation } from '@contactpoint/executor/execution';
import { LRUCache } from 'lru-cache';
import type { LoadedSupergraph } from '../supergraph.ts';
import {
  authorizeCoordinates,
  type CoordinateRefusals,
  refusedCoordinates,
  touchesSubject,
} from './authorize-coordinates.ts';
import { type SelectedCoordinate, selectedCoordinates } from './operation-coordinates.ts';
import type { ParsedOperation } from './parse.ts';
import type { StatedPurpose } from './purpose-of-use.ts';

/** An operation planned for callers who may read the same of it. */
export interface PlannedOperation {
  readonly selected: readonly SelectedCoordinate[];
  readonly refusals: CoordinateRefusals;
  /** Undefined where a mutation is refused in part, and therefore whole. */
  readonly prepared: PreparedOperation | undefined;
}

export interface Planner {
  /** What the operation selects, whoever asks. */
  selected(parsed: ParsedOperation): readonly SelectedCoordinate[];
  touchesSubject(parsed: ParsedOperation): boolean;
  /**
   * @param mediator Who reads on the principal's behalf: only what both may read is planned.
   * @throws PlanError of the executor.
   */
  plan(
    parsed: ParsedOperation,
    principal: Principal,
    stated: StatedPurpose | undefined,
    mediator?: Principal,
  ): PlannedOperation;
}

/**
 * Coordinates that the kept plans select, together: a plan takes some 2 kB for each, so these are 64 MB and more than a
 * thousand joined views. By entries alone, operations as large as the limits allow would take gigabytes.
 */
const KEPT_COORDINATES = 32_000;

/** The same for lists of what operations select, which take 200 bytes for each: 20 MB. */
const LISTED_COORDINATES = 100_000;

/**
 * Plan step. A plan holds only what its caller may read at best, so plans are kept by that as well as by the operation:
 * kept by the operation alone, one caller's plan would fetch for another.
 */
export function createPlanner(
  supergraph: LoadedSupergraph,
  attainable: (principal: Principal, stated: StatedPurpose) => Decision,
): Planner {
  const plans = new LRUCache<string, PlannedOperation>({
    max: 2_000,
    maxSize: KEPT_COORDINATES,
    sizeCalculation: ({ selected }) => selected.length + 1,
  });
  const coordinates = new LRUCache<string, readonly SelectedCoordinate[]>({
    max: 2_000,
    maxSize: LISTED_COORDINATES,
    sizeCalculation: (selected) => selected.length + 1,
  });

  const selectedOf = (parsed: ParsedOperation) => {
    const key = operationKey(parsed);
    let selected = coordinates.get(key);
    if (selected === undefined) {
      selected = selectedCoordinates(supergraph.executor.schema, parsed, supergraph.subjectTypes);
      coordinates.set(key, selected);
    }
    return selected;
  };

  const planOnce = (
    parsed: ParsedOperation,
    principal: Principal,
    stated: StatedPurpose | undefined,
    mediator: Principal | undefined,
  ): PlannedOperation => {
    const selected = selectedOf(parsed);
    const bestOf = (reader: Principal) => (stated === undefined ? undefined : attainable(reader, stated));
    const own = bestOf(principal);
    const others = mediator && bestOf(mediator);
    const best = own && others ? lesser(own, others) : own;
    const unmet = refusedCoordinates(supergraph, { principal, mediator });
    const refusals = authorizeCoordinates(supergraph, selected, unmet, best);
    const { document, operationName } = parsed;
    const refusedWhole = parsed.operation.operation === 'mutation' && refusals.places.length > 0;
    const prepared = refusedWhole
      ? undefined
      : supergraph.executor.prepare({ document, operationName, refused: refusals.refused });
    return { selected, refusals, prepared };
  };

  return {
    selected: selectedOf,
    touchesSubject: (parsed) => touchesSubject(supergraph, selectedOf(parsed)),
    plan(parsed, principal, stated, mediator) {
      const key = [
        operationKey(parsed),
        attributesOf(principal),
        mediator === undefined ? '' : attributesOf(mediator),
        stated?.purpose ?? '',
        stated?.override ?? false,
      ].join('\n');
      let planned = plans.get(key);
      if (planned === undefined) {
        planned = planOnce(parsed, principal, stated, mediator);
        plans.set(key, planned);
      }
      return planned;
    },
  };
}

/** By the answer of accreditation that they stand in, which many requests share. */
const attributes = new WeakMap<Principal, string>();

/** What of a caller a plan depends on, as one line. */
function attributesOf(principal: Principal): string {
  let text = attributes.get(principal);
  if (text === undefined) {
    const { role, sector, scopes } = principal;
    text = JSON.stringify([role, sector, scopes.toSorted()]);
    attributes.set(principal, text);
  }
  return text;
}

function operationKey({ hash, operationName }: ParsedOperation): string {
  return `${hash} ${operationName ?? ''}`;
}
