/**
 * Puts rows in the order of the keys, as DataLoader wants them: for each key its rows in the order in which the store
 * gave them, an empty array where it gave none.
 */
export function loadInOrder<K, Row>(
  keys: readonly K[],
  rows: readonly Row[],
  keyOf: (row: Row) => K,
): Row[][] {
  const rowsByKey = new Map<K, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const found = rowsByKey.get(key);
    if (found === undefined) rowsByKey.set(key, [row]);
    else found.push(row);
  }
  // A copy each: two keys that are the same must not share an array that a resolver may sort.
  return keys.map((key) => [...(rowsByKey.get(key) ?? [])]);
}

/** The same for keys that have one row at most. Of several rows the first counts. */
export function loadOneInOrder<K, Row>(
  keys: readonly K[],
  rows: readonly Row[],
  keyOf: (row: Row) => K,
): (Row | null)[] {
  return loadInOrder(keys, rows, keyOf).map(([row]) => row ?? null);
}

/** A list without items is null, so that "nothing there" and "hidden from you" answer alike. */
export function orNull<T>(items: readonly T[]): readonly T[] | null {
  return items.length === 0 ? null : items;
}
