import type { GraphQLSchema } from 'graphql';
import type { ResponseError } from '../hooks.ts';
import type { FetchStep, FetchText } from '../planning/plan-step.ts';
import { clientKey, isInternalKey } from '../selections/response-key.ts';
import { argumentNames } from './argument-names.ts';
import type { Failures, PathSegment } from './failures.ts';
import { knownPath } from './known-path.ts';
import { type DataRecord, isRecord, own } from './record.ts';
import { translateError } from './subgraph-error.ts';

/** The objects that one entity, or the root, fills. */
export interface FilledPlace {
  readonly objects: readonly DataRecord[];
  /** Its answer is thrown away: errors show, but only as deep as the fetch's own fields. */
  readonly decoy: boolean;
}

/** Lets every field that the fetch would have given fail, at each place. */
export function failWhole(
  failures: Failures,
  step: FetchStep,
  text: FetchText,
  places: readonly FilledPlace[],
  error: ResponseError,
): void {
  const failure = { error, wholeFetch: true, below: [] };
  for (const key of text.answer.keys()) {
    for (const { objects } of places) {
      for (const object of objects) failures.add(object, step.renamed.get(key) ?? key, failure);
    }
  }
}

/**
 * Puts a subgraph's errors where they belong in the data.
 *
 * @param into With the supergraph's schema.
 * @param places By position in the answer's `_entities`; the root alone for a fetch at the root.
 * @param noData The answer holds no data at all: an error without place is one of every field then.
 */
export function attachErrors(
  { schema, failures }: { readonly schema: GraphQLSchema; readonly failures: Failures },
  step: FetchStep,
  text: FetchText,
  places: readonly FilledPlace[],
  errors: readonly unknown[],
  noData: boolean,
): void {
  for (const received of errors) {
    const error = translateError(received, step.subgraph, argumentNames(schema));
    const located = locate(schema, step, text, places, received);
    if (located !== undefined) {
      for (const object of located.place.objects) attach(failures, step, object, located, error);
    } else if (noData) {
      failWhole(failures, step, text, places, error);
    } else {
      failures.placeless.push(error);
    }
  }
}

interface Located {
  readonly place: FilledPlace;
  /** Planned keys and list indexes below the place. */
  readonly path: readonly PathSegment[];
}

function locate(
  schema: GraphQLSchema,
  step: FetchStep,
  text: FetchText,
  places: readonly FilledPlace[],
  error: unknown,
): Located | undefined {
  const path = isRecord(error) ? own(error, 'path') : undefined;
  if (!Array.isArray(path)) return undefined;
  if (step.requires === undefined) {
    const [place] = places;
    const known = knownPath(schema, step, text, path);
    return place === undefined || known.length === 0 ? undefined : { place, path: known };
  }
  const [field, index, ...below] = path;
  const place = field === '_entities' && Number.isInteger(index) ? places[index] : undefined;
  if (place === undefined) return undefined;
  const known = knownPath(schema, step, text, below);
  return { place, path: place.decoy ? known.slice(0, 1) : known };
}

/** Goes down the path as far as there are data; what is left is `below` the place. */
function attach(
  failures: Failures,
  step: FetchStep,
  object: DataRecord,
  { path }: Located,
  error: ResponseError,
): void {
  const planned = path.map((segment) =>
    typeof segment === 'string' ? (step.renamed.get(segment) ?? segment) : segment,
  );
  let owner: DataRecord | readonly unknown[] = object;
  for (const [depth, key] of planned.entries()) {
    const next: unknown = valueAt(owner, key);
    const isDeepest = depth === planned.length - 1;
    if (isDeepest || !(isRecord(next) || Array.isArray(next))) {
      const below = planned.slice(depth + 1).map((it) => (typeof it === 'string' ? clientKey(it) : it));
      const hidden = below.findIndex((it) => typeof it === 'string' && isInternalKey(it));
      failures.add(owner, key, {
        error,
        wholeFetch: false,
        below: hidden === -1 ? below : below.slice(0, hidden),
      });
      return;
    }
    owner = next;
  }
  // The entity as a whole: `__typename` is no field of the client's, so shaping shows it at the object's own path.
  failures.add(object, '__typename', { error, wholeFetch: false, below: [] });
}

function valueAt(owner: DataRecord | readonly unknown[], key: PathSegment): unknown {
  if (isRecord(owner)) return typeof key === 'string' ? own(owner, key) : undefined;
  return typeof key === 'number' ? owner[key] : undefined;
}
