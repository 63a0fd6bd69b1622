import type { FieldOwners } from './field-owners.ts';
import type { LoggedEvent, LoggedGrant } from './logged-grants.ts';

/** An agency whose journal lacks what the log says that it was asked: it was deleted, replaced, or never written. */
export interface SilentJournal {
  readonly subgraph: string;
  /** Requests that released fields of this agency, or asked it about the caller, and of which it journaled none. */
  readonly requests: number;
  /** When the log kept the first and the last of them; RFC 3339, by the gateways' clocks. */
  readonly from: string;
  readonly to: string;
  /** Of its first entry; null where the journal has none. RFC 3339, by the agency's clock. */
  readonly begins: string | null;
}

/** Who is asked about every caller: before the first release there is an entry of it. */
const ASKED_FIRST = 'accreditation';

/** What the rules go by that tell silence from an outage. */
export interface SilenceOptions {
  readonly subgraphs: readonly string[];
  readonly owners: FieldOwners;
  /** Whether the journals were read from their beginning: only then is it known that nothing stands before their first entry. */
  readonly fromBeginning: boolean;
}

interface Tally {
  /** When each request was kept, milliseconds since the epoch, by its event's name. */
  readonly missing: Map<string, number>;
  /** Milliseconds since the epoch. */
  begins: number;
}

/**
 * Looks for agencies that journaled nothing of what was released of theirs. Single requests that no journal knows are fetches
 * that failed, and say nothing: an agency that is up writes down each of them, so that none at all, or none before its first
 * entry, means that the journal is not what it was.
 */
export class SilentJournals {
  readonly #options: SilenceOptions;
  readonly #tallies: ReadonlyMap<string, Tally>;

  constructor(options: SilenceOptions) {
    this.#options = options;
    this.#tallies = new Map(
      options.subgraphs.map((subgraph) => [
        subgraph,
        { missing: new Map(), begins: Number.POSITIVE_INFINITY },
      ]),
    );
  }

  /** Of an entry, whatever it is of. @param at Milliseconds since the epoch. */
  noteEntry(subgraph: string, at: number): void {
    const tally = this.#tallies.get(subgraph);
    if (tally !== undefined && at < tally.begins) tally.begins = at;
  }

  /** Of a grant that stands in none of the journals. */
  noteUnjournaled(grant: LoggedGrant, event: LoggedEvent): void {
    if (event.outcome === 'REFUSED') return;
    const released = event.children.values().flatMap((child) => child.released);
    const owners = new Set(released.map((coordinate) => this.#options.owners.get(coordinate)));
    for (const owner of owners.add(ASKED_FIRST)) {
      if (owner !== undefined) this.#tallies.get(owner)?.missing.set(grant.evt, Date.parse(grant.keptAt));
    }
  }

  conclude(): readonly SilentJournal[] {
    return [...this.#tallies].flatMap(([subgraph, { missing, begins }]) => {
      const isEmpty = begins === Number.POSITIVE_INFINITY;
      if (!isEmpty && !this.#options.fromBeginning) return [];
      const times = [...missing.values()].filter((at) => at < begins).sort((one, other) => one - other);
      const [from] = times;
      const to = times.at(-1);
      if (from === undefined || to === undefined) return [];
      return {
        ...{ subgraph, requests: times.length, from: timeOf(from), to: timeOf(to) },
        begins: isEmpty ? null : timeOf(begins),
      };
    });
  }
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
