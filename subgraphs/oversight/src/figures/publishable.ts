/** Fewest accesses, and fewest different children, that a published number stands on. */
export const FEWEST = 5;

export interface Counted {
  readonly accesses: number;
  /** Different children among them; 0 where they touched none, as requests that were refused at the door. */
  readonly children: number;
}

/** Whether a number points at nobody: many accesses may still be to one child, and one access may show many. */
export function isLargeEnough({ accesses, children }: Counted): boolean {
  return accesses >= FEWEST && (children >= FEWEST || children === 0);
}

/**
 * What may be published of a day: parts that are large enough, and all the rest as one. A rest that is too small takes the
 * smallest part with it, since the parts add up to the day's whole, which another division of the same day tells.
 *
 * @param parts Large enough, each of them.
 * @param rest All accesses that are in none of them.
 * @param together Makes a part of what stands together.
 * @returns The whole day, each access in one part. Where the day itself is too small, what touched no child.
 */
export function publishable<Part extends Counted>(
  parts: readonly Part[],
  { accesses, children }: Counted,
  together: (counted: Counted) => Part,
): readonly Part[] {
  if (accesses === 0) return parts;
  if (isLargeEnough({ accesses, children })) return [...parts, together({ accesses, children })];
  // Of parts that touched a child: with others the sum could still stand on fewer than five.
  const [smallest] = parts
    .filter(({ children }) => children >= FEWEST)
    .toSorted((one, other) => one.accesses - other.accesses);
  // No number of children's accesses is told then, from which one could take the parts away.
  if (smallest === undefined) return parts;
  return [
    ...parts.filter((part) => part !== smallest),
    together({ accesses: accesses + smallest.accesses, children: smallest.children }),
  ];
}
