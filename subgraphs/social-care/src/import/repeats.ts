/**
 * Finds rows that a return brings twice. Statutory returns know a row by its child and its first day, so two rows that
 * agree there and differ elsewhere cannot both be true: the first stands.
 */
export class Repeats {
  readonly #rows = new Map<string, string>();

  /** @param key What makes two rows the same row. */
  compare(key: readonly string[], row: object): 'new' | 'repeated' | 'contradicted' {
    const name = JSON.stringify(key);
    const said = JSON.stringify(row);
    const before = this.#rows.get(name);
    if (before === undefined) {
      this.#rows.set(name, said);
      return 'new';
    }
    return before === said ? 'repeated' : 'contradicted';
  }
}
