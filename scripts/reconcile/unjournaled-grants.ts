import type { LoggedGrant } from './logged-grants.ts';

/** Grants that are named one by one; the others are counted. */
const MOST_NAMED = 1_000;

/** A grant that the log lists and no journal knows, for somebody to follow up. */
export interface UnjournaledGrant {
  readonly jti: string;
  /** Receipt of the event that lists it. */
  readonly origin: string;
  readonly index: string;
  /** When the log took that; RFC 3339, by its database's clock. */
  readonly at: string;
}

/** What the log has too much: fetches that failed or were never sent, as a rule. */
export class UnjournaledGrants {
  readonly #first: UnjournaledGrant[] = [];
  #count = 0;

  add({ jti, origin, index, keptAt: at }: LoggedGrant): void {
    this.#count++;
    if (this.#first.length < MOST_NAMED) this.#first.push({ jti, origin, index, at });
  }

  get count(): number {
    return this.#count;
  }

  /** The first thousand, in the order of their `jti`s. */
  get first(): readonly UnjournaledGrant[] {
    return this.#first;
  }
}
