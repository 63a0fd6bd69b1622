import { revealed } from '../layout/unseen.ts';

export interface NamedOrganisation {
  readonly id: string;
  readonly name: string | null;
}

/** What organisations are called in a chart, by their ids: by their names, and by the id as well where two share one. */
export function labelsOf(organisations: readonly NamedOrganisation[]): ReadonlyMap<string, string> {
  const alike = Map.groupBy(organisations, ({ name }) => name);
  return new Map(
    organisations.map(({ id, name }) => {
      if (name === null) return [id, id];
      return [id, alike.get(name)?.length === 1 ? revealed(name) : `${revealed(name)} (${id})`];
    }),
  );
}
