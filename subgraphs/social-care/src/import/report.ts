import type { FilePlace, ImportRemark, ImportReport } from '@contactpoint/subgraph-kit/import-report';
import type { RefusalReason } from './refusal.ts';

/** What became of the rows of one kind: rows = accepted + updated + unchanged + quarantined. */
export interface KindFigures {
  rows: number;
  accepted: number;
  updated: number;
  unchanged: number;
  quarantined: number;
}

/** The report of a return, which holds rows of several kinds: children, episodes, reviews … */
export interface ReturnReport extends ImportReport {
  readonly kinds: Readonly<Record<string, Readonly<KindFigures>>>;
}

export type DropReason = 'INVALID_UPN' | 'UPN_NOT_KNOWN' | 'UPN_IN_USE' | 'NHS_NUMBER_IN_USE';

/** Keeps account of every row while a return is read and stored. */
export class Account {
  readonly #kinds = new Map<string, KindFigures>();
  readonly #dropped: ImportRemark[] = [];
  readonly #quarantined: ImportRemark[] = [];

  /** A row was met. What became of it is to follow, by `quarantine` or by `taken`. */
  met(kind: string): void {
    this.#figures(kind).rows += 1;
  }

  quarantine(kind: string, place: FilePlace, reason: RefusalReason, field?: string): void {
    this.#figures(kind).quarantined += 1;
    this.#quarantined.push(remark(place, reason, field));
  }

  drop(place: FilePlace, reason: DropReason, field: string): void {
    this.#dropped.push(remark(place, reason, field));
  }

  taken(kind: string, counts: Partial<Pick<KindFigures, 'accepted' | 'updated' | 'unchanged'>>): void {
    const figures = this.#figures(kind);
    figures.accepted += counts.accepted ?? 0;
    figures.updated += counts.updated ?? 0;
    figures.unchanged += counts.unchanged ?? 0;
  }

  /** @throws Error when a row is not accounted for: that would be our fault, and must not pass for a good import. */
  close(source: string): ReturnReport {
    const kinds = [...this.#kinds.values()];
    for (const [kind, { rows, accepted, updated, unchanged, quarantined }] of this.#kinds) {
      if (rows !== accepted + updated + unchanged + quarantined)
        throw new Error(`${source}: not every row of ${kind} is accounted for`);
    }
    const sum = (figure: keyof KindFigures) => kinds.reduce((total, figures) => total + figures[figure], 0);
    return {
      source,
      rows: sum('rows'),
      accepted: sum('accepted'),
      updated: sum('updated'),
      unchanged: sum('unchanged'),
      dropped: this.#dropped,
      quarantined: this.#quarantined,
      kinds: Object.fromEntries(this.#kinds),
    };
  }

  #figures(kind: string): KindFigures {
    let figures = this.#kinds.get(kind);
    if (figures === undefined) {
      figures = { rows: 0, accepted: 0, updated: 0, unchanged: 0, quarantined: 0 };
      this.#kinds.set(kind, figures);
    }
    return figures;
  }
}

function remark({ file, line }: FilePlace, reason: string, field?: string): ImportRemark {
  return field === undefined ? { file, line, reason } : { file, line, field, reason };
}
