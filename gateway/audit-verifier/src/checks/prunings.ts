import type { Findings } from '../findings.ts';
import { readJson } from '../leaf-kind.ts';

/** How many leaves of which log may be gone, as the events of their pruning say. */
export class Prunings {
  readonly #recorded = new Map<string, number>();

  take(kind: string | undefined, leaf: Uint8Array): void {
    if (kind !== 'prune') return;
    const pruned = readJson(leaf)?.['pruned'];
    if (typeof pruned !== 'object' || pruned === null) return;
    const { origin, count } = pruned as { readonly origin?: unknown; readonly count?: unknown };
    if (typeof origin !== 'string' || typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0)
      return;
    this.#recorded.set(origin, (this.#recorded.get(origin) ?? 0) + count);
  }

  /** @param firstPruned Index of the first leaf that is gone. */
  check(origin: string, pruned: number, firstPruned: number | undefined, findings: Findings): void {
    const recorded = this.#recorded.get(origin) ?? 0;
    if (pruned <= recorded) return;
    findings.add({
      code: 'PRUNED',
      origin,
      ...(firstPruned === undefined ? {} : { index: firstPruned }),
      message: `${pruned} leaves are gone, and events record the pruning of ${recorded}`,
    });
  }
}
