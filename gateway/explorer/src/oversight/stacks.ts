/** What several together are called, each of which would be too small alone. */
export const SEVERAL = 'Several together';

/** One bar: what it is of, and how much of it is what. */
export interface Stack {
  readonly of: string;
  readonly parts: Readonly<Record<string, number>>;
  readonly total: number;
}

export interface Part {
  readonly of: string | null;
  readonly part: string | null;
  readonly number: number;
}

/** Bars in the order in which their first parts come. */
export function stacksOf(parts: readonly Part[]): readonly Stack[] {
  const stacks = new Map<string, Record<string, number>>();
  for (const { of, part, number } of parts) {
    const stack = stacks.get(of ?? SEVERAL) ?? {};
    stacks.set(of ?? SEVERAL, stack);
    stack[part ?? SEVERAL] = (stack[part ?? SEVERAL] ?? 0) + number;
  }
  return [...stacks].map(([of, each]) => ({
    of,
    parts: each,
    total: Object.values(each).reduce((sum, number) => sum + number, 0),
  }));
}

/** Names of the parts of all bars, largest first; several together come last. */
export function partsOf(stacks: readonly Stack[]): readonly string[] {
  const totals = new Map<string, number>();
  for (const { parts } of stacks)
    for (const [name, number] of Object.entries(parts)) totals.set(name, (totals.get(name) ?? 0) + number);
  return [...totals]
    .toSorted(([one, ones], [other, others]) =>
      one === SEVERAL ? 1 : other === SEVERAL ? -1 : others - ones || one.localeCompare(other),
    )
    .map(([name]) => name);
}
