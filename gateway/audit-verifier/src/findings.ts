import type { Fault } from './fault.ts';

/** Faults kept of one kind in one log: after the first few the others follow from them. */
const MOST_ALIKE = 3;

/** What was found to be wrong, in the order in which it was found. */
export class Findings {
  readonly #faults: Fault[] = [];
  readonly #alike = new Map<string, number>();
  #omitted = 0;

  get faults(): readonly Fault[] {
    return this.#faults;
  }

  /** Faults that were found and are not among `faults`. */
  get omitted(): number {
    return this.#omitted;
  }

  add(fault: Fault): void {
    const kind = `${fault.code} ${fault.origin}`;
    const alike = (this.#alike.get(kind) ?? 0) + 1;
    this.#alike.set(kind, alike);
    if (alike > MOST_ALIKE) this.#omitted++;
    else this.#faults.push(fault);
  }
}
