import type { ResponseError } from '../hooks.ts';
import type { DataRecord } from './record.ts';

export type PathSegment = string | number;

/** Failures that are kept of one place: it is null and they say why, and whoever says so a million times says no more. */
const MOST = 20;

/** Something that went wrong at one place of the fetched data. */
export interface Failure {
  readonly error: ResponseError;
  /** Whether the whole fetch failed: then it concerns only those of its fields that the client selects. */
  readonly wholeFetch: boolean;
  /** From the place on, where an error lies deeper than the data reach. */
  readonly below: readonly PathSegment[];
}

/**
 * Failures by the object and key they concern. They get their response path when the response is shaped: by then it is
 * known how often an object stands in it and whether the caller may see that place at all.
 */
export class Failures {
  readonly #byOwner = new Map<object, Map<PathSegment, Failure[]>>();
  /** Errors of which a subgraph said no place. */
  readonly placeless: ResponseError[] = [];

  /** So for nearly every response: nothing need be looked up then, of any value. */
  get isEmpty(): boolean {
    return this.#byOwner.size === 0;
  }

  add(owner: DataRecord | readonly unknown[], key: PathSegment, failure: Failure): void {
    let keys = this.#byOwner.get(owner);
    if (keys === undefined) {
      keys = new Map();
      this.#byOwner.set(owner, keys);
    }
    const failures = keys.get(key);
    if (failures === undefined) keys.set(key, [failure]);
    else if (failure.wholeFetch || failures.length < MOST) failures.push(failure);
  }

  at(owner: object, key: PathSegment): readonly Failure[] {
    return this.#byOwner.get(owner)?.get(key) ?? [];
  }

  /** Of an object, all of them by key. */
  of(owner: object): ReadonlyMap<PathSegment, readonly Failure[]> {
    return this.#byOwner.get(owner) ?? NONE;
  }
}

const NONE: ReadonlyMap<PathSegment, readonly Failure[]> = new Map();
