/** Seconds by which an agency's clock and the gateways' differ at least, so far as their entries and events tell. */
export interface ClockSkew {
  /** Entries that could be compared. */
  readonly entries: number;
  /** Largest lead of the agency's clock: an entry that seems to have been made after its event was kept. */
  readonly ahead: number;
  /** Largest lag: an entry that seems to have been made before the request came. */
  readonly behind: number;
}

/** Seconds of skew that a grant survives; beyond it an agency refuses what is sound. */
export const TOLERATED_SKEW = 5;

/**
 * Collects what can be known of an agency's clock. An entry is made between the request's coming and the keeping of its
 * event, so that a clock that tells the truth never leaves that span.
 */
export class SkewMeasure {
  #entries = 0;
  #ahead = 0;
  #behind = 0;

  /** @param span Milliseconds since the epoch. */
  note(at: number, span: { readonly from: number; readonly to: number }): void {
    this.#entries++;
    this.#ahead = Math.max(this.#ahead, (at - span.to) / 1_000);
    this.#behind = Math.max(this.#behind, (span.from - at) / 1_000);
  }

  get figures(): ClockSkew {
    return { entries: this.#entries, ahead: this.#ahead, behind: this.#behind };
  }
}
