import {
  countLeaves,
  joinRanges,
  type LeafRange,
  readLeafRanges,
  withoutRanges,
} from '@contactpoint/audit-log/leaf-ranges';
import type { Findings } from '../findings.ts';
import { readJson } from '../leaf-kind.ts';

/** Which leaves of which log may be gone, as the events of their pruning say. */
export class Prunings {
  readonly #named = new Map<string, LeafRange[]>();
  /** Leaves that events from before leaves were named say to be gone: how many, of all that no event names. */
  readonly #counted = new Map<string, number>();

  take(kind: string | undefined, leaf: Uint8Array): void {
    if (kind !== 'prune') return;
    const pruned = readJson(leaf)?.['pruned'];
    if (typeof pruned !== 'object' || pruned === null) return;
    const { origin, count, indexes } = pruned as Readonly<Record<string, unknown>>;
    if (typeof origin !== 'string') return;
    if (indexes === undefined) this.#count(origin, count);
    else if (typeof indexes === 'string') this.#name(origin, readLeafRanges(indexes) ?? []);
  }

  /** @param gone Leaves of which only the hash is left, in order. */
  check(origin: string, gone: readonly LeafRange[], findings: Findings): void {
    const unnamed = withoutRanges(gone, joinRanges(this.#named.get(origin) ?? []));
    const count = countLeaves(unnamed);
    const counted = this.#counted.get(origin) ?? 0;
    const [first] = unnamed;
    if (first === undefined || count <= counted) return;
    const others = counted === 0 ? '' : `; events that name none say that ${counted} are`;
    findings.add({
      code: 'PRUNED',
      origin,
      index: first[0],
      message: `${count} leaves are gone that no event of a pruning names${others}`,
    });
  }

  #name(origin: string, ranges: readonly LeafRange[]): void {
    const named = this.#named.get(origin) ?? [];
    for (const range of ranges) named.push(range);
    this.#named.set(origin, named);
  }

  #count(origin: string, count: unknown): void {
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) return;
    this.#counted.set(origin, (this.#counted.get(origin) ?? 0) + count);
  }
}
